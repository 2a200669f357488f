"""A helm that is missing or too old, and as much as helm and a person may ever send."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from helmpanel.errors import (
    HelmMissing,
    HelmTooOld,
)
from helmpanel.model.operation import Outcome
from tests.cluster.api.conftest import TRINO, UPGRADE, Place, ended


async def test_releases_are_listed_without_helm_and_changes_say_what_is_missing(place: Place, tmp_path: Path):
    cluster = await place.ready(helm=tmp_path / "no-helm")
    assert len(cluster.releases) == place.demo.size
    assert isinstance(cluster.helm_error, HelmMissing)
    with pytest.raises(HelmMissing, match="no-helm"):
        await cluster.upgrade(TRINO, **UPGRADE)
    assert cluster.operations.running == []


async def test_helm_that_is_too_old_is_refused(place: Place, tmp_path: Path):
    old = tmp_path / "helm"
    old.write_text("#!/bin/sh\necho v3.13.3\n")
    old.chmod(0o755)
    cluster = await place.ready(helm=old)
    with pytest.raises(HelmTooOld, match=r"3\.14"):
        await cluster.rollback(TRINO, revision=8)


async def test_megabyte_of_values_goes_through(place: Place):
    cluster = await place.ready()
    text = "".join(f"key{i:06}: {'x' * 40}\n" for i in range(20_000))
    operation = await ended(await cluster.upgrade(TRINO, **UPGRADE, values=text, wait=False))
    assert (operation.outcome, operation.error) == (Outcome.SUCCEEDED, None)
    assert (await cluster.values(TRINO)).count("\n") > 20_000
    assert not any("key000001" in line for line in operation.log)


async def test_ten_thousand_lines_of_log_are_all_there_and_delay_nothing(place: Place, tmp_path: Path):
    """No chart makes the real helm say so much: this one asks helm for its version and then talks."""
    chatty = tmp_path / "helm"
    chatty.write_text(
        f'#!{sys.executable}\nimport sys, subprocess\nif sys.argv[1] == "rollback":\n'
        '    for i in range(12000): print(f"line {i}", file=sys.stderr)\n    sys.exit(0)\n'
        f"sys.exit(subprocess.call([{str(place.helm.path)!r}, *sys.argv[1:]]))\n"
    )
    chatty.chmod(0o755)
    cluster = await place.ready(helm=chatty)
    operation = await ended(await cluster.rollback(TRINO, revision=8))
    assert operation.outcome is Outcome.SUCCEEDED
    assert (operation.log[-1], len(operation.log), operation.log_dropped) == ("line 11999", 10_000, 2_000)
    assert Path(operation.log_path).read_text().count("\n") == 12_000
    assert Path(operation.log_path).stat().st_mode & 0o777 == 0o600
