"""What README and CONTRIBUTING tell a person to type exists."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import helmpanel
from helmpanel.cluster import Cluster

TOP = Path(__file__).parents[2]
GUIDES = ("README.md", "CONTRIBUTING.md")


def read(name: str) -> str:
    return (TOP / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", read(name), re.DOTALL | re.MULTILINE)


def commands() -> list[list[str]]:
    """Every line of every shell block, comment cut off."""
    lines = [line for name in GUIDES for block in blocks(name, "sh") for line in block.splitlines()]
    return [words for line in lines if (words := shlex.split(line, comments=True))]


@pytest.mark.parametrize("name", GUIDES)
def test_every_make_target_named_exists(name: str):
    targets = set(re.findall(r"^([a-z]+):.*##", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", "\n".join(re.findall(r"`([^`]+)`", read(name)) + [" ".join(words) for words in commands()])))
    assert named
    assert named <= targets


def test_make_help_lists_every_target():
    listed = subprocess.run(["make", "help"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"make ([a-z]+)", listed)) >= {"help", "setup", "demo", "test", "check", "bench", "screenshots"}


def test_the_ci_runs_exactly_make_test():
    script = TOP / ".ci" / "run"
    assert [line for line in script.read_text(encoding="utf-8").splitlines() if not line.startswith("#")] == ["exec make test"]
    assert os.access(script, os.X_OK)


def test_every_helmpanel_command_in_the_readme_is_understood():
    """Each is run with --help behind its own words, so that a wrong option or subcommand ends it with an error."""
    lines = [words for words in commands() if words[0] == "helmpanel"]
    assert len(lines) >= 3
    for subcommand in {words[1] for words in lines}:
        usage = subprocess.run([sys.executable, "-m", "helmpanel", subcommand, "--help"], cwd=TOP, capture_output=True, text=True, check=False)
        assert usage.returncode == 0, usage.stderr
        options = {word for words in lines if words[1] == subcommand for word in words[2:] if word.startswith("-")}
        assert options <= set(re.findall(r"--?[a-z][a-z-]*", usage.stdout)), subcommand


def test_the_role_in_the_readme_is_the_one_the_dashboard_offers():
    from helmpanel.views.states import role_text

    assert blocks("README.md", "yaml") == [role_text(None)]


def test_the_readme_lists_the_columns_of_the_releases_frame_in_their_order():
    from helmpanel.model.records import RELEASE_COLUMNS

    [listed] = re.findall(r"RELEASE_COLUMNS`: ([\w,\s]+)\.", read("README.md"))
    assert re.split(r",\s+", listed) == list(RELEASE_COLUMNS)


def test_words_and_states_of_the_top_bar_are_explained():
    """Each TableState has a word, which the browser's part draws and the README explains."""
    from helmpanel.model.table import TableState

    drawn = (TOP / "helmpanel" / "views" / "js" / "top_bar.js").read_text(encoding="utf-8")
    words = {state: word.strip() for state, word in re.findall(r'^ +"?([a-z-]+)"?: \["[\w-]+", "([A-Z][a-z ]+)", ', drawn, re.MULTILINE)}
    assert {*words, "failed"} == {state.value for state in TableState}
    explained = re.findall(r"^\| ([A-Z][a-z ]+)", read("README.md"), re.MULTILINE)
    for state, word in words.items():
        if state != TableState.LOADING.value:
            assert any(line.startswith(word) for line in explained), word


def test_the_installed_command_is_the_module():
    assert tomllib.loads(read("pyproject.toml"))["project"]["scripts"]["helmpanel"] == "helmpanel.__main__:main"


def test_extras_named_in_install_commands_exist():
    extras = tomllib.loads(read("pyproject.toml"))["project"]["optional-dependencies"]
    named = set(re.findall(r"'\.\[(\w+)\]'", read("README.md")))
    assert named
    assert named <= set(extras)


@pytest.mark.parametrize("name", GUIDES)
def test_every_file_named_exists(name: str):
    text = read(name)
    named = set(re.findall(r"\]\(([^)#:]+)\)", text)) | {
        word for word in re.findall(r"`([^`\s]+)`", text) if re.fullmatch(r"[\w./-]+\.(?:md|py|toml|yml|ipynb)", word)
    }
    missing = [word for word in sorted(named) if not (TOP / word).exists()]
    assert not missing


@pytest.mark.parametrize("code", blocks("README.md", "python"), ids=lambda code: code.strip().splitlines()[-1][:40])
def test_python_in_the_readme_calls_what_exists(code: str):
    """Every call on helmpanel or on a cluster takes the arguments it is given."""
    tree = compile(code, "README.md", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    for line in [node for node in ast.walk(tree) if isinstance(node, ast.Import)]:
        importlib.import_module(line.names[0].name)
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
        target = ast.unparse(call.func)
        if target.startswith("helmpanel."):
            function = helmpanel
            for part in target.split(".")[1:]:
                function = getattr(function, part)
            given = call.args
        elif target.startswith("cluster."):
            function = getattr(Cluster, target.split(".")[1])
            given = [ast.Constant(None), *call.args]  # the first stands for self
        else:
            continue
        inspect.signature(function).bind(*given, **{keyword.arg: None for keyword in call.keywords if keyword.arg})
