"""Values put together from what is stored, against the real helm: random tables over random defaults, each key of the release a case of its own."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path

import pytest
import yaml

from helmpanel.inventory.opened import StoredOpened
from helmpanel.model.keys import ReleaseKey

WEB = ReleaseKey("sandbox", "default", "web")
CASES = 400
LEAVES = (
    None,
    None,
    None,
    True,
    0,
    5,
    -1.5,
    1e3,
    1e21,
    9007199254740993,
    18446744073709551615,
    1234567.5,
    1e-7,
    "on",
    "1e3",
    "0123",
    "null",
    "",
    "a\nb\n",
    "a\nb\u2028c",
)


def table(draw: random.Random, depth: int = 3) -> object:
    """Nulls, tables in tables and what stands in a table's place."""
    kind = draw.random()
    if kind < 0.45 or not depth:
        return draw.choice(LEAVES)
    if kind < 0.55:
        return [table(draw, depth - 1) for _ in range(draw.randint(0, 3))]
    return {draw.choice("abcde"): table(draw, depth - 1) for _ in range(draw.randint(0, 4))}


def some(draw: random.Random) -> dict[str, object]:
    """A table for most of the cases."""
    return {f"case{number}": table(draw) for number in range(CASES) if draw.random() < 0.8}


def told(text: str) -> dict[str, str]:
    """Each case as text, its numbers as the floats they are to helm; as text, because to Python true is 1."""
    return {key: json.dumps(value, sort_keys=True) for key, value in json.loads(text, parse_int=float).items()}


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_nulls_and_tables_meet_is_put_together_as_helm_does(helm, helm_home, sandbox, connect, tmp_path: Path, seed):
    """Nulls of either side, at the top and further down, where a table meets none or something else; numbers of any size."""
    draw = random.Random(seed)
    (tmp_path / "web" / "templates").mkdir(parents=True)
    (tmp_path / "web" / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n")
    (tmp_path / "web" / "templates" / "cm.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n")
    (tmp_path / "web" / "values.yaml").write_text(json.dumps(some(draw)))

    async def run(*args: str, stdin: str = "") -> str:
        return (await asyncio.to_thread(helm.run, *args, env=helm_home, stdin=stdin)).stdout

    # --set keeps a whole number whole in what is stored; only what reads it makes it a float.
    await run("install", "web", str(tmp_path / "web"), "-f", "-", "--set", "large=9007199254740993", stdin=json.dumps(some(draw)))
    ours = StoredOpened(connect(sandbox.kubeconfig), "secrets", helm_major=helm.major)
    for what, flags in (("values", []), ("computed", ["--all"])):
        mine = told(json.dumps(yaml.safe_load(await ours.text(WEB, what, 1))))
        helms = told(await run("get", "values", "web", "-o", "json", *flags))
        assert {key: (mine.get(key), helms.get(key)) for key in mine.keys() | helms.keys() if mine.get(key) != helms.get(key)} == {}
        assert len(mine) > CASES / 2
