"""environment.yml says what pyproject.toml says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

TOP = Path(__file__).parents[2]
EXTRAS = ("notebook", "sandbox")
BESIDE = {"python", "kubernetes-helm", "pip"}
"""Named by conda only."""


def parted(requirement: str) -> tuple[str, str]:
    """Name and version of a requirement."""
    found = re.fullmatch(r"([A-Za-z0-9_.-]+)\s*(.*)", requirement)
    assert found, requirement
    return found[1].lower(), found[2].replace(" ", "")


def project() -> dict[str, object]:
    return tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def conda() -> list[object]:
    return yaml.safe_load((TOP / "environment.yml").read_text(encoding="utf-8"))["dependencies"]


def test_every_requirement_is_there_with_the_same_versions_and_no_other():
    meta = project()
    wanted = dict(parted(text) for text in meta["dependencies"] + [text for extra in EXTRAS for text in meta["optional-dependencies"][extra]])
    given = dict(parted(text) for text in conda() if isinstance(text, str))
    assert {name: spec for name, spec in given.items() if name not in BESIDE} == wanted


def test_python_and_helm_are_those_the_project_asks_for():
    given = dict(parted(text) for text in conda() if isinstance(text, str))
    assert given["python"] == project()["requires-python"]
    from helmpanel.settings import OLDEST_HELM

    assert given["kubernetes-helm"] == ">=" + ".".join(map(str, OLDEST_HELM[:2]))
