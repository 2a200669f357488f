"""The order of versions: total, never a downgrade, never an exception."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.charts.versions import Rank, is_newer, is_prerelease, is_same, parsed, step

numbers = st.integers(min_value=0, max_value=10**6).map(str)
identifiers = st.lists(st.one_of(numbers, st.from_regex(r"[a-z][a-z0-9-]{0,4}", fullmatch=True)), min_size=1, max_size=3).map(".".join)
semvers = st.builds(
    lambda v, core, pre, build: v + ".".join(core) + (f"-{pre}" if pre else "") + (f"+{build}" if build else ""),
    st.sampled_from(["", "v"]),
    st.lists(numbers, min_size=1, max_size=3),
    st.one_of(st.none(), identifiers),
    st.one_of(st.none(), identifiers),
)
texts = st.one_of(semvers, st.text(max_size=20), st.from_regex(r"v?\d{0,5}(\.\d{0,3}){0,4}([-+][0-9a-z.-]{0,6})?", fullmatch=True))


@given(texts, texts)
def test_nothing_raises_and_the_order_is_total(one, other):
    left, right = Rank(one), Rank(other)
    assert (left < right) + (right < left) + (one == other) == 1
    is_prerelease(one)
    is_same(one, other)
    step(one, other)


@given(texts, texts, texts)
def test_order_is_transitive(a, b, c):
    low, middle, high = sorted((Rank(a), Rank(b), Rank(c)))
    assert low <= middle <= high
    assert low <= high


@given(texts, texts)
def test_newer_is_never_a_downgrade_nor_a_step_sideways(one, other):
    assert not (is_newer(one, other) and is_newer(other, one))
    if is_newer(one, other):
        assert Rank(other) < Rank(one)
        assert step(other, one)
        assert not is_same(one, other)
    else:
        assert step(other, one) == ""


@given(st.lists(texts, max_size=8))
def test_versions_that_are_none_stay_behind_all_that_are(versions):
    known = [parsed(text) is not None for text in sorted(versions, key=Rank, reverse=True)]
    assert known == sorted(known, reverse=True)


@given(semvers)
def test_leading_v_changes_nothing(version):
    bare = version.removeprefix("v")
    assert is_same(f"v{bare}", bare)
    assert not is_newer(f"v{bare}", bare)


def test_order_of_the_specification():
    """https://semver.org/#spec-item-11"""
    order = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1",
        "1.2.0",
        "1.10.0",
    ]
    assert sorted([*order[6:], *order[:6]], key=Rank) == order
    assert all(is_newer(high, low) for low, high in itertools.pairwise(order))


@pytest.mark.parametrize("version", ["1", "1.2", "v1.2.3", "1.2.3-rc1", "1.2.3+git.1", "01.02.03", "  1.2.3 ", "1-beta"])
def test_forms_that_helm_accepts_have_a_place(version):
    assert parsed(version) is not None


@pytest.mark.parametrize(
    "version", ["", "latest", "2021_03", "1.2.3.4", "1.2.3-01", "1.2.3-a..b", "1..2", "-1", "9" * 300, "9" * 5000, "1.2.3-", "١.٢.٣", "v", "1,2"]
)
def test_versions_that_are_none_have_no_place(version):
    assert parsed(version) is None
    assert not is_newer(version, "1.0.0")
    assert not is_newer("1.0.0", version)
    assert is_same(version, version)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1.2", "1.2.0", True),
        ("v1.2.0", "1.2.0", True),
        ("1.2.0+a", "1.2.0+b", False),
        ("1.2.0", "1.2.0+b", False),
        ("1.2.0-rc.1", "1.2.0", False),
        ("latest", "newest", False),
    ],
)
def test_spellings_of_the_same_version(one, other, expected):
    assert is_same(one, other) is expected


@pytest.mark.parametrize(
    ("installed", "newer", "expected"),
    [
        ("1.2.3", "2.0.0", "major"),
        ("1.2.3", "1.3.0", "minor"),
        ("1.2.3", "1.2.4", "patch"),
        ("2.0.0-rc.1", "2.0.0", "pre-release"),
        ("2.0.0-rc.1", "2.0.0-rc.2", "pre-release"),
        ("2.0.0-rc.1", "2.1.0", "minor"),
        ("1.2.3", "1.2.3", ""),
        ("1.2.3", "1.2.2", ""),
        ("1.2.3", "1.2.3+build", ""),
    ],
)
def test_step_is_the_part_that_changes(installed, newer, expected):
    assert step(installed, newer) == expected
