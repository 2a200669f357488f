"""Operation logs hold credentials now and then: their owner alone may read them, and they do not pile up."""

import os
import stat

import pytest

from helmpanel.runtime import files


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_log_and_its_folder_are_for_the_owner_alone(tmp_path):
    old = os.umask(0)
    try:
        path = files.new_log(tmp_path / "data", "op-1")
    finally:
        os.umask(old)
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700


def test_log_name_that_is_taken_is_refused(tmp_path):
    files.new_log(tmp_path, "op-1")
    with pytest.raises(FileExistsError):
        files.new_log(tmp_path, "op-1")


def test_only_the_newest_logs_are_kept(tmp_path):
    paths = [files.new_log(tmp_path, f"op-{i}") for i in range(5)]
    for age, path in enumerate(paths):
        os.utime(path, (age, age))
    assert files.prune_logs(tmp_path, keep=2) == 3
    assert [p.exists() for p in paths] == [False, False, False, True, True]


def test_log_in_use_stays_however_old(tmp_path):
    paths = [files.new_log(tmp_path, f"op-{i}") for i in range(3)]
    for age, path in enumerate(paths):
        os.utime(path, (age, age))
    files.prune_logs(tmp_path, keep=1, in_use=frozenset({paths[0]}))
    assert [p.exists() for p in paths] == [True, False, True]


def test_pruning_a_folder_that_is_not_there_does_nothing(tmp_path):
    assert files.prune_logs(tmp_path / "none") == 0
