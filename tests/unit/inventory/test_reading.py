"""Reading releases: which requests, and what is made of refusals."""

import asyncio
import json

import pytest

from helmpanel.errors import Forbidden, NamespaceMissing, NotFound, SettingsInvalid, Unreachable
from helmpanel.inventory.reading import SELECTOR, SecretsReader


def listing(*releases):
    items = [{"metadata": {"namespace": n, "name": f"sh.helm.release.v1.{r}.v1", "labels": {"name": r, "version": "1"}}} for n, r in releases]
    return json.dumps({"items": items}).encode()


def forbidden(namespace=None):
    return Forbidden(f"You may not list secrets in {namespace}.", verb="list", resource="secrets", namespace=namespace)


class FakeApi:
    """Answers by path: bytes, or an error to raise."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []
        self.running = 0
        self.most = 0

    async def get(self, path, params=None):
        self.asked.append((path, dict(params or {})))
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        answer = self.answers[path]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def read(api, namespaces=None, **environ):
    reading = await SecretsReader(api, namespaces, environ=environ).read()
    return sorted(f"{one.namespace}/{one.name}" for one in reading.heads), reading.problems


async def test_whole_cluster_is_one_request_that_leaves_out_old_revisions():
    api = FakeApi({"/api/v1/secrets": listing(("a", "web"), ("b", "web"))})
    assert await read(api) == (["a/web", "b/web"], ())
    assert api.asked == [("/api/v1/secrets", {"labelSelector": SELECTOR})]
    assert SELECTOR == "owner=helm,status!=superseded"


async def test_namespaces_are_asked_side_by_side_each_once_and_not_all_at_a_time():
    names = [f"n{n}" for n in range(30)]
    api = FakeApi({f"/api/v1/namespaces/{name}/secrets": listing((name, "web")) for name in names})
    found, problems = await read(api, [*names, "n0"])
    assert found == sorted(f"{name}/web" for name in names)
    assert problems == ()
    assert len(api.asked) == 30
    assert 1 < api.most <= 8


async def test_one_closed_namespace_of_several_is_told_and_hides_no_other():
    api = FakeApi({"/api/v1/namespaces/a/secrets": listing(("a", "web")), "/api/v1/namespaces/b/secrets": forbidden("b")})
    assert await read(api, ["a", "b"]) == (["a/web"], ("You may not list secrets in b.",))


async def test_all_namespaces_closed_is_an_error():
    api = FakeApi({"/api/v1/namespaces/a/secrets": forbidden("a"), "/api/v1/namespaces/b/secrets": forbidden("b")})
    with pytest.raises(Forbidden, match="in a"):
        await read(api, ["a", "b"])


async def test_server_that_fails_for_one_namespace_fails_the_reading():
    """Rows of that namespace would vanish as if they were uninstalled."""
    api = FakeApi({"/api/v1/namespaces/a/secrets": listing(("a", "web")), "/api/v1/namespaces/b/secrets": Unreachable("Gone away.")})
    with pytest.raises(Unreachable):
        await read(api, ["a", "b"])


async def test_namespace_that_does_not_exist_is_told():
    api = FakeApi({"/api/v1/namespaces/typo/secrets": listing(), "/api/v1/namespaces/typo": NotFound("No.")})
    with pytest.raises(NamespaceMissing, match="no namespace 'typo'"):
        await read(api, ["typo"])


@pytest.mark.parametrize("answer", [b"{}", forbidden()])
async def test_empty_namespace_that_exists_or_may_not_be_looked_at_is_just_empty(answer):
    api = FakeApi({"/api/v1/namespaces/a/secrets": listing(), "/api/v1/namespaces/a": answer})
    assert await read(api, ["a"]) == ([], ())


async def test_name_of_a_namespace_cannot_leave_its_path():
    api = FakeApi({"/api/v1/namespaces/..%2F..%2Fx/secrets": listing(("a", "web"))})
    assert (await read(api, ["../../x"]))[0] == ["a/web"]


@pytest.mark.parametrize("driver", ["sql", "configmap", "memory"])
async def test_other_storage_is_told_instead_of_showing_nothing(driver):
    with pytest.raises(SettingsInvalid, match=f"HELM_DRIVER is '{driver}'"):
        await read(FakeApi({}), HELM_DRIVER=driver)


@pytest.mark.parametrize("driver", ["", "secret", "Secrets"])
async def test_default_storage_may_be_named(driver):
    assert await read(FakeApi({"/api/v1/secrets": listing()}), HELM_DRIVER=driver) == ([], ())
