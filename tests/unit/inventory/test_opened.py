"""One release read from its stored revisions; the real helm holds it to what helm tells in tests/cluster/reading/test_opened.py."""

import base64
import gzip
import json

import pytest

from helmpanel.errors import PlanInvalid, ReleaseNotFound, ServerFault, Unreachable
from helmpanel.inventory.opened import StoredOpened
from helmpanel.model.keys import ReleaseKey

from .fake_api import FakeApi, secret

WEB = ReleaseKey("prod", "a", "web")


def holding(content, revision=1):
    """A Secret with this content."""
    obj = secret(revision=revision)
    packed = base64.b64encode(gzip.compress(json.dumps(content, separators=(",", ":")).encode())).decode()
    return {**obj, "data": {"release": base64.b64encode(packed.encode()).decode()}}


class CutOff(FakeApi):
    """Its listings end too soon, without a word."""

    def _listing(self, path, params, *, is_metadata):
        return super()._listing(path, params, is_metadata=is_metadata)[:-40]


def opened(*objects, helm_major=4):
    api = FakeApi(*objects)
    return StoredOpened(api, "secrets", helm_major=helm_major), api


async def test_history_is_newest_first_by_number():
    ours, _ = opened(secret(revision=9), secret(revision=10), secret(revision=8))
    assert [one.revision for one in await ours.history(WEB)] == [10, 9, 8]


async def test_history_that_breaks_off_is_a_fault_and_not_half_a_history():
    with pytest.raises(ServerFault, match="no whole list"):
        await StoredOpened(CutOff(secret(revision=1), secret(revision=2)), "secrets", helm_major=4).history(WEB)
    ours, api = opened(secret(revision=1))
    api.trouble = lambda what, path, params: Unreachable("gone")
    with pytest.raises(Unreachable):
        await ours.history(WEB)


@pytest.mark.parametrize("what", ["values", "computed", "manifest", "notes"])
@pytest.mark.parametrize("content", [{}, {"info": 1, "chart": [], "config": "x", "manifest": None}, {"chart": {"values": None}, "config": None}])
async def test_content_without_what_is_asked_for_has_none_of_it(what, content):
    ours, _ = opened(holding(content))
    assert (await ours.text(WEB, what, 1)).strip() == ""


async def test_values_nested_too_deeply_are_a_sentence():
    """JSON may nest deeper than Python may call."""
    deep = {"a": 1}
    for _ in range(450):
        deep = {"a": deep}
    ours, _ = opened(holding({"config": deep, "chart": {"values": deep}}))
    for what in ("values", "computed"):
        with pytest.raises(ServerFault, match="nested too deeply"):
            await ours.text(WEB, what, 1)


async def test_text_that_no_release_has_is_refused():
    ours, _ = opened(secret(revision=1))
    with pytest.raises(PlanInvalid, match="values, computed, manifest or notes"):
        await ours.text(WEB, "hooks", 1)


async def test_release_that_goes_while_it_is_read_is_told_to_be_gone():
    ours, api = opened(secret(revision=1))

    async def meanwhile():
        api.delete("a", "sh.helm.release.v1.web.v1")

    api.trouble = lambda what, path, params: meanwhile() if path.endswith(".v1") else None
    with pytest.raises(ReleaseNotFound):
        await ours.text(WEB, "values")
