"""Operation logs hold credentials now and then: their owner alone may read them, and they do not pile up."""

import os
import stat

from helmpanel.runtime import files


def some_logs(data_dir, count):
    folder = files.log_folder(data_dir)
    paths = [folder / f"op-{i}.err" for i in range(count)]
    for age, path in enumerate(paths):
        path.touch()
        os.utime(path, (age, age))
    return paths


def test_log_folder_is_for_the_owner_alone_even_when_it_was_open(tmp_path):
    (tmp_path / "operations").mkdir(mode=0o755)
    assert stat.S_IMODE(files.log_folder(tmp_path).stat().st_mode) == 0o700


def test_only_the_newest_logs_are_kept(tmp_path):
    paths = some_logs(tmp_path, 5)
    assert files.prune_logs(tmp_path, keep=2) == 3
    assert [p.exists() for p in paths] == [False, False, False, True, True]


def test_log_in_use_stays_however_old(tmp_path):
    paths = some_logs(tmp_path, 3)
    files.prune_logs(tmp_path, keep=1, in_use=frozenset({"op-0"}))
    assert [p.exists() for p in paths] == [True, False, True]


def test_files_that_are_no_logs_stay(tmp_path):
    other = files.log_folder(tmp_path) / "notes.txt"
    other.touch()
    files.prune_logs(tmp_path, keep=0)
    assert other.exists()


def test_reports_that_earlier_versions_left_behind_are_removed(tmp_path):
    (log,) = some_logs(tmp_path, 1)
    report = log.with_suffix(".out")
    report.write_text("password: hunter2")
    files.remove_reports(tmp_path)
    files.remove_reports(tmp_path / "none")
    assert (log.exists(), report.exists()) == (True, False)


def test_pruning_a_folder_that_is_not_there_does_nothing(tmp_path):
    assert files.prune_logs(tmp_path / "none") == 0
