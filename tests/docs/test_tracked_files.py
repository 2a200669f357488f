"""What may not be in any file of the project."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]

# Spelled in pieces, or this file would hold them itself.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("anaconda", "org"),
        ("crates", "io"),
        ("golang", "org"),
        ("deb", "debian", "org"),
    )
]
# A folder of whoever wrote the file. /home/me and /opt/helm are examples; containers' and helm's own paths (/data, /tmp/x) are none.
MACHINE_PATHS = re.compile(r"(?<![\w.>-])/(?:work|root|home(?!/me\b)|Users|opt(?=/(?:pypi|wheels)))/\w[\w.-]*")
LOCKS = re.compile(
    r"(^|/)(package-lock\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|pdm\.lock|pixi\.lock|conda-lock\.ya?ml|Pipfile\.lock|[^/]*\.lock)$"
)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=True).stdout.decode()
    return [TOP / name for name in listed.split("\0") if name and (TOP / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """Name and text of every tracked file that is text."""
    found = []
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" not in raw[:8000]:
            found.append((str(path.relative_to(TOP)), raw.decode("utf-8", "replace")))
    return found


def test_no_package_registry_is_named():
    assert not [(name, host) for name, text in texts() for host in HOSTS if host in text]


def test_no_path_of_the_machine_it_was_written_on():
    # Recorded helm output and vendored scripts are what they are.
    found = [(name, hit[0]) for name, text in texts() if not name.startswith(("tests/data/",)) for hit in MACHINE_PATHS.finditer(text)]
    assert not found


@pytest.mark.parametrize("path", ["root/x", "work/main", "home/somebody", "opt/wheels"])
def test_the_search_for_machine_paths_finds_them(path: str):
    for text in (f"see /{path}", f"'/{path}/y'", f"(/{path})"):
        assert MACHINE_PATHS.search(text)
    assert not MACHINE_PATHS.search(f"<charts>/{path} and a/{path}/b")


def test_no_lock_file():
    assert not [path for path in tracked() if LOCKS.search(path.relative_to(TOP).as_posix())]


def test_notebooks_are_kept_without_output():
    notebooks = [path for path in tracked() if path.suffix == ".ipynb"]
    assert notebooks
    for path in notebooks:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        ran = [number for number, cell in enumerate(cells) if cell.get("outputs") or cell.get("execution_count") is not None]
        assert not ran, f"{path.name}: cells {ran} hold output. Clear it: jupyter nbconvert --clear-output --inplace {path.name}"
