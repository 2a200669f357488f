"""What helmpanel says itself holds no secret: masking, wherever it is done once more, leaves it as it is."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import helmpanel
from helmpanel.helm.failure import classify
from helmpanel.kube.faults import answer_fault, connection_fault
from helmpanel.kube.kubeconfig import Access
from helmpanel.text import DOTS, mask_text

SOURCES = Path(helmpanel.__file__).parent
DATA = Path(__file__).parents[2] / "data"
ACCESS = Access(context="prod", server="https://k.example:6443", namespace="default", origin="/k", cluster={"server": "https://k.example:6443"}, user={})


def written(node: ast.expr) -> str:
    """A text as it is written, with `web` where something is filled in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(written(part) for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else "web"


def sentences() -> Iterator[str]:
    """Every text in the sources that reads like a sentence: errors, advice of the rules, hints, what the screen says."""
    for path in sorted(SOURCES.rglob("*.py")):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.JoinedStr | ast.Constant) or (isinstance(node, ast.Constant) and not isinstance(node.value, str)):
                continue
            text = re.sub(r"\{\w*\}", "web", written(node))
            if text.count(" ") > 2 and "\n" not in text and re.search(r"[.!?…]$", text):
                yield text


def failures() -> Iterator[str]:
    """What helmpanel makes of every failure on record."""
    for major in ("helm3", "helm4"):
        for row in map(json.loads, (DATA / "transcripts" / f"{major}.jsonl").read_text().splitlines()):
            if row["rc"]:
                yield str(classify(shlex.split(row["command"])[1:], row["rc"], row["stderr"]))
    for _, stderr in (row[:2] for row in json.loads((DATA / "field_failures.json").read_text())):
        yield str(classify(["upgrade", "web", "repo/web", "-n", "team-a"], 1, stderr))


def faults() -> Iterator[str]:
    """What helmpanel makes of every kind of answer of an API server, and of none."""
    for status in (302, 401, 403, 404, 409, 429, 500):
        for message in ("", 'secrets is forbidden: User "mara" cannot list resource "secrets"', "the server has asked for the client to provide credentials"):
            for path in ("/api/v1/secrets", "/api/v1/namespaces/team-a/secrets", "/api/v1/namespaces/team-a/secrets/token"):
                yield str(answer_fault(status, json.dumps({"message": message}).encode(), path, ACCESS))
    for cause in (TimeoutError(), OSError(111, "refused"), ValueError("x")):
        yield str(connection_fault(cause, ACCESS, 5))


def test_nothing_that_helmpanel_says_itself_is_masked():
    texts = list(sentences())
    assert any("--kubeconfig or the variable" in text for text in texts)
    assert len(texts) > 150
    assert [text for text in texts if mask_text(text) != text] == []


def test_what_helmpanel_makes_of_a_failure_is_masked_once():
    texts = [*failures(), *faults()]
    assert len(texts) > 100
    assert [(text, mask_text(text)) for text in texts if mask_text(text) != text] == []


def test_a_secret_in_a_failure_is_masked_all_the_same():
    told = str(classify(["upgrade", "web", "repo/web"], 1, "Error: something odd with --password hunter2 and https://hunter3@charts.example"))
    assert DOTS in told
    assert "hunter" not in told
