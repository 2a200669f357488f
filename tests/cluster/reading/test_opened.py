"""What is told of one release, read from its stored revisions: as the real helm tells it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
import yaml

from helmpanel.errors import ReleaseNotFound
from helmpanel.helm.argv import Target
from helmpanel.helm.binary import read_binary
from helmpanel.helm.read import HelmReader, moment
from helmpanel.inventory.opened import StoredOpened
from helmpanel.model.keys import ReleaseKey

WEB = ReleaseKey("sandbox", "default", "web")

VALUES = """
text: on
quoted: "on"
words: ["yes", "no", "null", "~", "y", "1e3", "0123", "0x1F", "1_000", "12:30:45", "2001-01-01",
  "=", "<<", ".5", "+1", "NaN", ".inf", "0o14", "", " ", "a: b", "# x", "- x"]
numbers: [1, 1.5, 1e3, 12345678901234567, 0x10, -0.0]
long: |
  one
    two

  three
trailing: "a \\nb\\n"
tabs: "a\\tb"
unicode: "Grüße 🚢 \\u2028"
empty: {}
none: []
nested: {keep: mine, take: null, table: {x: 2}, list: [1]}
gone: null
stays: null
scalar: 5
table: {a: 1}
sub: {own: user, global: {g: 1}}
global: {env: prod, drop: null}
"deep": {"deeper": {"deepest": {"a": null, "b": 2}}}
"""
DEFAULTS = """
nested: {keep: chart, take: chart, more: chart, table: {x: 1, y: 1}, list: [1, 2, 3]}
gone: chart
scalar: {now: table}
table: 7
chartnull: null
global: {env: dev, drop: x, region: eu}
deep: {deeper: {deepest: {a: 1, c: 3}, other: null}}
"""


def chart(folder: Path) -> Path:
    """A chart with a dependency, notes and a hook."""
    sub = folder / "charts" / "sub"
    for where in (folder, sub):
        (where / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text(
        'apiVersion: v2\nname: web-site\nversion: 1.2.3-rc-1\nappVersion: "1.10"\ndependencies: [{name: sub, version: 0.1.0, repository: ""}]\n'
    )
    (folder / "values.yaml").write_text(DEFAULTS)
    (folder / "templates" / "cm.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\ndata: {a: {{ .Values.scalar | quote }}}\n\n\n"
    )
    (folder / "templates" / "NOTES.txt").write_text("\n\nVisit {{ .Release.Name }}.\n\n  Indented <b>bold</b>\n\n")
    (sub / "Chart.yaml").write_text("apiVersion: v2\nname: sub\nversion: 0.1.0\n")
    (sub / "values.yaml").write_text("own: default\nextra: {a: 1}\n")
    (sub / "templates" / "cm.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sub}\ndata: {own: {{ .Values.own | quote }}}\n")
    return folder


@pytest.fixture(params=["secret", "configmap"])
def driver(request: pytest.FixtureRequest, helm_home: dict[str, str]) -> str:
    helm_home["HELM_DRIVER"] = request.param
    return str(request.param)


@pytest.fixture
async def both(helm, helm_home, sandbox, connect, driver, tmp_path):
    """A release with four revisions: ours, helm's reader, and helm itself."""
    where = chart(tmp_path / "web-site")

    async def run(*args: str, stdin: str | None = None, check: bool = True) -> str:
        return (await asyncio.to_thread(helm.run, *args, env=helm_home, stdin=stdin, check=check)).stdout

    await run("install", "web", str(where), "-f", "-", stdin=VALUES)
    await run("upgrade", "web", str(where), "--reset-values", "--description", "second: <b>one</b>")
    (where / "templates" / "bad.yaml").write_text("apiVersion: v1\nkind: Nothing\nmetadata: {name: x}\n")
    await run("upgrade", "web", str(where), "--set", "scalar=6", check=False)
    await run("rollback", "web", "1")
    api = connect(sandbox.kubeconfig)
    theirs = HelmReader(read_binary(helm.path), Target(context=None, kubeconfig=str(sandbox.kubeconfig)), timeout_s=60, env=helm_home)
    return StoredOpened(api, f"{driver}s", helm_major=helm.major), theirs, run, sandbox


async def test_everything_told_of_a_release_is_what_helm_tells(both):
    """Manifest and notes byte for byte, values as data, history field by field; of the newest revision and of each other one."""
    ours, theirs, run, _ = both
    history = await ours.history(WEB)
    rows = json.loads(await run("history", "web", "-o", "json"))
    assert [(one.revision, one.updated, one.status, f"{one.chart}-{one.version}", one.app_version, one.description) for one in reversed(history)] == [
        (row["revision"], moment(row["updated"]), row["status"], row["chart"], row["app_version"], row["description"]) for row in rows
    ]
    assert len(history) >= 3
    for revision in (None, *(one.revision for one in history)):
        numbered = [] if revision is None else ["--revision", str(revision)]
        assert await ours.text(WEB, "manifest", revision) == await run("get", "manifest", "web", *numbered)
        assert await ours.text(WEB, "notes", revision) == await theirs.notes(WEB, revision=revision)
        for what in ("values", "computed"):
            mine = await ours.text(WEB, what, revision)
            # As JSON: helm's YAML leaves a bare `=`, which PyYAML cannot read.
            helms = json.loads(await run("get", "values", "web", "-o", "json", *numbered, *(["--all"] if what == "computed" else [])))
            assert (yaml.safe_load(mine) or {}) == (helms or {}), what
            assert bool(mine) == bool(helms)
    assert "Visit web." in await ours.text(WEB, "notes")


async def test_values_read_back_by_helm_are_the_same_data(both, tmp_path):
    """helm reads YAML 1.1: what looks like a number or a truth must come back as the text it was."""
    ours, _, run, _ = both
    (tmp_path / "web-site" / "templates" / "bad.yaml").unlink()
    mine = await ours.text(WEB, "values", 1)
    await run("upgrade", "web", str(tmp_path / "web-site"), "--reset-values", "-f", "-", stdin=mine)
    again = json.loads(await run("get", "values", "web", "-o", "json"))
    before = json.loads(await run("get", "values", "web", "-o", "json", "--revision", "1"))
    assert again == before


async def test_one_text_takes_one_request_or_two(both):
    ours, _, _, sandbox = both
    sandbox.requests.clear()
    await ours.text(WEB, "manifest", 1)
    assert [each.verb for each in sandbox.requests] == ["get"]
    sandbox.requests.clear()
    await ours.text(WEB, "values")
    assert [each.verb for each in sandbox.requests] == ["list", "get"]
    sandbox.requests.clear()
    await ours.history(WEB)
    assert [each.verb for each in sandbox.requests] == ["list"]


async def test_what_is_not_there_is_told(both):
    ours, _, _, _ = both
    with pytest.raises(ReleaseNotFound, match="Revision 99"):
        await ours.text(WEB, "manifest", 99)
    for asking in (ours.history(ReleaseKey("sandbox", "default", "nobody")), ours.text(ReleaseKey("sandbox", "default", "nobody"), "values")):
        with pytest.raises(ReleaseNotFound):
            await asking
    assert await ours.revisions(ReleaseKey("sandbox", "default", "nobody")) == ()


async def test_one_odd_revision_hides_no_other(both, driver):
    ours, _, _, sandbox = both
    kind = {"secret": "Secret", "configmap": "ConfigMap"}[driver]
    odd = sandbox.get(kind, "default", "sh.helm.release.v1.web.v2")
    sandbox.put({**odd, "data": {"release": "JSUl"}})
    history = await ours.history(WEB)
    [broken] = [one for one in history if one.revision == 2]
    assert "cannot be read" in broken.description
    assert all(one.chart == "web-site" for one in history if one.revision != 2)
