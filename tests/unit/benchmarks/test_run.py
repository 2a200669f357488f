"""What `make bench` measures."""

from __future__ import annotations

from pathlib import Path

from benchmarks import inventory, run


def test_every_benchmark_of_the_folder_is_run():
    assert run.names() == ["inventory", "starting", "table"]


def test_both_sizes_are_measured_with_the_commands_that_are_told():
    assert [(title, command) for title, command, _ in inventory.parts(None, "helm")] == [
        ("1,000 releases with 5 revisions each", "python -m benchmarks.inventory --releases 1000 --revisions 5"),
        ("5,000 releases with 5 revisions each", "python -m benchmarks.inventory --releases 5000 --revisions 5"),
    ]
    assert [command for _, command, _ in inventory.parts("file", "helm")] == ["python -m benchmarks.inventory --kubeconfig FILE"]


def test_the_page_is_written_from_what_was_measured(monkeypatch, tmp_path: Path, capsys):
    helm = tmp_path / "helm"
    helm.write_text("#!/bin/sh\necho 'v4.3.1+g1234567'\n")
    helm.chmod(0o755)
    parts = [("Some releases", "a command", [inventory.Figure(name="a_s", value=2, unit="s", goal=1)]), ("Others", "another", [])]
    monkeypatch.setattr(run, "helm4", lambda: str(helm))
    monkeypatch.setattr(run, "names", lambda: ["inventory"])
    monkeypatch.setattr(inventory, "parts", lambda *_: parts)
    monkeypatch.setattr("sys.argv", ["run", "--write", str(tmp_path / "page.md")])
    assert run.main() == 1
    text = (tmp_path / "page.md").read_text()
    assert "helm 4.3.1" in text
    assert "1 goal is missed: a_s (Some releases): 2 s." in text
    assert "| a_s | 2 s | at most 1 **missed** |" in text
    assert "Some releases: a command\na_s " in capsys.readouterr().out
