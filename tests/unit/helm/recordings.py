"""Recorded failures of helm, and what each of them is."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
LABELS = json.loads((DATA / "failures.json").read_text())
ROWS = {
    (major, row["name"]): (shlex.split(row["command"])[1:], row["rc"], row["stderr"])
    for major in ("helm3", "helm4")
    for row in map(json.loads, (DATA / "transcripts" / f"{major}.jsonl").read_text().splitlines())
    if row["rc"]
}
TRACE = """
helm.go:92: 2026-11-23 00:27:53.421493991 +0000 UTC m=+4.646802102 [debug] context canceled
UPGRADE FAILED
main.newUpgradeCmd.func2
\thelm.sh/helm/v3/cmd/helm/upgrade.go:244
"""
