"""Helm's own repository files, whatever they hold."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from helmpanel.charts import index, repositories
from helmpanel.charts.index import IndexInvalid, read_index
from helmpanel.charts.repositories import Repositories, places, repository_names
from helmpanel.charts.sieve import sieved

# As helm repo index writes it (Helm 3.19).
HELMS_OWN = """\
apiVersion: v1
entries:
  nginx:
  - annotations:
      version: 9.9.9
      text: |
        version: 8.8.8
          version: 7.7.7
    apiVersion: v2
    appVersion: 1.10
    created: "2026-05-05T12:00:00.123456789+02:00"
    dependencies:
    - name: common
      version: 2.x.x
    deprecated: true
    description: 'A web server: fast,
      and small'
    digest: 0a1b
    keywords:
    - web
    kubeVersion: '>=1.25.0-0'
    name: nginx
    urls:
    - nginx-1.10.tgz
    version: 1.10.0
  - apiVersion: v2
    description: |-
      two
      lines
    name: nginx
    version: "1.20"
  redis:
  - version: 3.0.0-rc.1
    name: redis
generated: "2026-05-05T12:00:00Z"
"""


def versions(data, name="nginx"):
    return read_index(data.encode() if isinstance(data, str) else data, "repo")[name]


def check(first, second):
    assert (first.version, first.app_version, first.kube_version, first.deprecated) == ("1.10.0", "1.10", ">=1.25.0-0", True)
    assert first.description == "A web server: fast, and small"
    assert first.created == datetime(2026, 5, 5, 10, 0, 0, 123456, tzinfo=UTC)
    assert (first.reference, first.is_prerelease) == ("repo/nginx", False)
    assert (second.version, second.description, second.created, second.deprecated) == ("1.20", "two\nlines", None, False)


def test_index_as_helm_writes_it_is_sieved():
    assert sieved(HELMS_OWN, {"version"}) is not None
    check(*versions(HELMS_OWN))
    assert read_index(HELMS_OWN.encode(), "repo")["redis"][0].is_prerelease


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("entries:", "entries: "),
        lambda text: text.replace("  nginx:", "  # web\n  nginx:"),
        lambda text: "---\n" + text,
        lambda text: "\ufeff" + text,
        lambda text: text + "\n\n",
        lambda text: text.replace("  nginx:", "  nginx:  "),
        lambda text: text.replace("nginx:\n", "'nginx':\n"),
    ],
    ids=["crlf", "space", "comment", "document mark", "byte order mark", "blank lines", "trailing spaces", "quoted name"],
)
def test_other_layouts_are_read_as_well(change):
    check(*versions(change(HELMS_OWN)))


def test_index_indented_by_somebody_else_is_read_as_well():
    document = yaml.safe_load(HELMS_OWN)
    document["entries"]["nginx"][0]["appVersion"] = "1.10"
    check(*versions(yaml.safe_dump(document, indent=4)))
    check(*versions(json.dumps(document, default=str)))
    check(*versions(yaml.safe_dump(document, default_flow_style=True)))


plain = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=30)
entries = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True),
    st.lists(
        st.fixed_dictionaries(
            {"version": plain},
            optional={
                "description": st.text(max_size=60),
                "appVersion": plain,
                "annotations": st.dictionaries(plain, st.text(max_size=40), max_size=2),
                "keywords": st.lists(plain, max_size=2),
                "deprecated": st.booleans(),
                "kubeVersion": plain,
            },
        ),
        max_size=3,
    ),
    max_size=4,
)


@given(entries)
@example({"web": [{"version": "1.0.0", "description": "\n\x85a\u2028"}]})
def test_sieving_changes_nothing_that_is_kept(found):
    data = yaml.safe_dump({"apiVersion": "v1", "entries": found, "generated": "x"}, allow_unicode=True).encode()
    quick = read_index(data, "repo")
    original, index.sieved = index.sieved, lambda *_: None
    try:
        whole = read_index(data, "repo")
    finally:
        index.sieved = original
    assert quick == whole
    assert {name: [one.version for one in kept] for name, kept in quick.items()} == {
        name: [one["version"] for one in kept if one["version"]] for name, kept in found.items()
    }


@pytest.mark.parametrize("text", ["", "<html><body>Sign in</body></html>", "entries: [", "[]", "just text", "apiVersion: v1\n", "\x00", "{", '{"a": 1}', "{}"])
def test_what_is_no_index_is_told(text):
    with pytest.raises(IndexInvalid):
        read_index(text.encode(), "repo")


def test_bytes_that_are_no_text_are_told():
    with pytest.raises(IndexInvalid):
        read_index(b"entries:\n  \xff\xfe:\n", "repo")


@pytest.mark.parametrize(
    "entries",
    ["{}", "null", "[]", "text", "{nginx: null}", "{nginx: {version: 1}}", "{nginx: [null, text, [], {name: x}, {version: null}, {version: {a: 1}}]}"],
)
def test_entries_of_the_wrong_kind_are_passed_over(entries):
    assert not any(read_index(f"apiVersion: v1\nentries: {entries}\n".encode(), "repo").values())
    as_json = json.dumps({"entries": yaml.safe_load(entries)}).encode()
    if entries not in ("null", "[]", "text"):
        assert not any(read_index(as_json, "repo").values())


def test_alias_bomb_costs_nothing():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert versions(bomb + "entries: {nginx: [{version: 1.0.0, annotations: *i}]}\n")[0].version == "1.0.0"


@pytest.mark.parametrize(
    ("environ", "config", "cache"),
    [
        ({"HOME": "/h"}, "/h/.config/helm/repositories.yaml", "/h/.cache/helm/repository"),
        ({"HOME": "/h", "XDG_CONFIG_HOME": "/x", "XDG_CACHE_HOME": "/y"}, "/x/helm/repositories.yaml", "/y/helm/repository"),
        ({"HOME": "/h", "XDG_CONFIG_HOME": "/x", "HELM_CONFIG_HOME": "/c", "HELM_CACHE_HOME": "/d"}, "/c/repositories.yaml", "/d/repository"),
        ({"HOME": "/h", "HELM_CONFIG_HOME": "/c", "HELM_REPOSITORY_CONFIG": "/f.yaml", "HELM_REPOSITORY_CACHE": "/g"}, "/f.yaml", "/g"),
    ],
)
def test_places_are_helms(environ, config, cache):
    found = places(environ, "linux")
    assert (str(found.config), str(found.cache)) == (config, cache)


def test_places_on_a_mac_are_helms():
    found = places({"HOME": "/h"}, "darwin")
    assert (str(found.config), str(found.cache)) == ("/h/Library/Preferences/helm/repositories.yaml", "/h/Library/Caches/helm/repository")


@pytest.fixture
def home(tmp_path):
    (tmp_path / "cache").mkdir()

    class Home:
        environ: dict[str, str] = {"HELM_REPOSITORY_CONFIG": str(tmp_path / "repositories.yaml"), "HELM_REPOSITORY_CACHE": str(tmp_path / "cache")}  # noqa: RUF012

        def configure(self, *names):
            (tmp_path / "repositories.yaml").write_text(yaml.safe_dump({"repositories": [{"name": name, "url": "http://127.0.0.1/"} for name in names]}))

        def index(self, name, content, at=None) -> Path:
            path = tmp_path / "cache" / f"{name}-index.yaml"
            path.write_text(content)
            if at is not None:
                os.utime(path, (at, at))
            return path

    return Home()


async def test_repositories_are_read_in_helms_order_with_the_age_of_their_index(home):
    home.configure("b", "a")
    home.index("a", HELMS_OWN, at=1_700_000_000)
    home.index("b", HELMS_OWN, at=1_600_000_000)
    found = await Repositories(home.environ).read()
    assert found.state.names == ("b", "a")
    assert found.state.oldest_index == datetime.fromtimestamp(1_600_000_000, UTC)
    assert found.state.problems == ()
    assert found.each[1].charts["redis"][0].reference == "a/redis"


async def test_no_repositories_file_is_no_problem(home):
    found = await Repositories(home.environ).read()
    assert (found.each, found.state.problems, found.is_read) == ((), (), True)


async def test_nothing_is_known_before_the_first_reading(home):
    assert not Repositories(home.environ).catalogues.is_read


async def test_each_problem_is_a_sentence_and_hides_no_other_repository(home):
    home.configure("good", "missing", "broken", "folder")
    home.index("good", HELMS_OWN)
    home.index("broken", "<html>Sign in</html>")
    home.index("folder", "").unlink()
    (Path(home.environ["HELM_REPOSITORY_CACHE"]) / "folder-index.yaml").mkdir()
    found = await Repositories(home.environ).read()
    assert found.each[0].charts
    missing, broken, folder = found.state.problems
    assert missing == "The repository missing has no index yet. Run helm repo update missing, or Refresh repositories."
    assert "index of the repository broken is broken: it has no entries." in broken
    assert "index of the repository folder cannot be read: Is a directory." in folder


@pytest.mark.parametrize("content", ["[", "\x00", "text", "repositories: text", "repositories: [text, {url: x}, {name: null}]", "- a", ""])
def test_broken_list_of_repositories_is_told_or_empty(tmp_path, content):
    path = tmp_path / "repositories.yaml"
    path.write_text(content)
    names, problem = repository_names(path)
    assert names == ()
    assert bool(problem) == (content in ("[", "\x00"))


def test_name_of_a_repository_cannot_leave_the_cache(tmp_path):
    path = tmp_path / "repositories.yaml"
    path.write_text("repositories: [{name: ../../etc/x}, {name: ok}, {name: ok}]")
    assert repository_names(path) == (("ok",), "")


async def test_index_is_parsed_again_only_when_its_file_changed(home, monkeypatch):
    parsed = []
    monkeypatch.setattr(repositories, "read_index", lambda data, name: parsed.append(name) or read_index(data, name))
    home.configure("a", "b")
    home.index("a", HELMS_OWN, at=1_700_000_000)
    home.index("b", "entries: {}", at=1_700_000_000)
    known = Repositories(home.environ)
    await known.read()
    await known.read()
    assert parsed == ["a", "b"]
    home.index("b", HELMS_OWN, at=1_700_000_100)
    found = await known.read()
    assert parsed == ["a", "b", "b"]
    assert found.each[1].charts["nginx"]


async def test_broken_index_is_not_parsed_again_and_again(home, monkeypatch):
    parsed = []
    monkeypatch.setattr(repositories, "read_index", lambda data, name: parsed.append(name) or read_index(data, name))
    home.configure("a")
    home.index("a", "[")
    known = Repositories(home.environ)
    first = await known.read()
    assert (await known.read()).state.problems == first.state.problems
    assert parsed == ["a"]


async def test_repository_that_was_removed_is_forgotten(home):
    home.configure("a")
    home.index("a", HELMS_OWN)
    known = Repositories(home.environ)
    await known.read()
    home.configure()
    assert (await known.read()).each == ()
    assert known._known == {}
