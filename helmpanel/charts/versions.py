"""The order of chart versions: SemVer, tolerant of the loose forms Helm accepts. Nothing here raises.

Helm reads versions with Masterminds/semver's NewVersion: a leading v, and minor and patch left out, are fine. Old charts carry versions that are none at all
(`2021_03`, `latest`): they stay outside the order, behind everything that has a place in it.
"""

from __future__ import annotations

import re
from functools import lru_cache, total_ordering

from semver import Version

_LOOSE = re.compile(
    r"v?(?P<major>\d+)(?:\.(?P<minor>\d+))?(?:\.(?P<patch>\d+))?(?:-(?P<prerelease>[0-9A-Za-z.-]+))?(?:\+(?P<build>[0-9A-Za-z.-]+))?",
    re.ASCII,
)
# Masterminds/semver refuses longer ones; int() would raise at 4,300 digits.
_LONGEST = 256


@lru_cache(maxsize=16384)
def parsed(version: str) -> Version | None:
    """The version in SemVer's terms; None when it is none even loosely."""
    match = _LOOSE.fullmatch(version.strip()) if len(version) <= _LONGEST else None
    if match is None:
        return None
    core = ".".join(str(int(match[part] or 0)) for part in ("major", "minor", "patch"))
    prerelease, build = match["prerelease"], match["build"]
    try:
        # Parsed, not constructed: only parsing refuses pre-releases such as `01` and `a..b`, as Helm does.
        return Version.parse(core + (f"-{prerelease}" if prerelease else "") + (f"+{build}" if build else ""))
    except ValueError:
        return None


def is_prerelease(version: str) -> bool:
    """Whether the version is a pre-release by SemVer; one that is no SemVer is not."""
    found = parsed(version)
    return found is not None and found.prerelease is not None


def is_same(one: str, other: str) -> bool:
    """Whether two spellings name the same version: `v1.2` and `1.2.0`; build metadata counts, since it may name another package."""
    if one == other:
        return True
    left, right = parsed(one), parsed(other)
    return left is not None and right is not None and left.to_tuple() == right.to_tuple()


def is_newer(candidate: str, installed: str) -> bool:
    """Whether going from `installed` to `candidate` is a step up; False when either has no place in the order."""
    left, right = parsed(candidate), parsed(installed)
    return left is not None and right is not None and left > right


def step(installed: str, newer: str) -> str:
    """`major`, `minor`, `patch` or `pre-release`: the part that changes; empty when it is no step up."""
    if not is_newer(newer, installed):
        return ""
    old, new = parsed(installed), parsed(newer)
    if old is None or new is None:
        return ""
    if new.major != old.major:
        return "major"
    if new.minor != old.minor:
        return "minor"
    return "patch" if new.patch != old.patch else "pre-release"


@total_ordering
class Rank:
    """Sort key that never raises: versions by SemVer, above all that are no versions, those by their text; ties by text."""

    __slots__ = ("text", "version")

    def __init__(self, text: str) -> None:
        self.text = text
        self.version = parsed(text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rank) and self.text == other.text

    def __lt__(self, other: Rank) -> bool:
        if self.version is None or other.version is None:
            return (self.version is not None, self.text) < (other.version is not None, other.text)
        order = self.version.compare(other.version)
        return order < 0 or (order == 0 and self.text < other.text)

    def __hash__(self) -> int:
        return hash(self.text)
