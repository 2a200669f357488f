"""Success with damage."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from helmpanel.helm.warnings import MOST, damage

DATA = Path(__file__).parents[2] / "data" / "transcripts"
SUCCESSES = {
    (major, row["name"]): (shlex.split(row["command"])[1:], row["stdout"], row["stderr"])
    for major in ("helm3", "helm4")
    for row in map(json.loads, (DATA / f"{major}.jsonl").read_text().splitlines())
    if not row["rc"] and not row["command"].startswith("SIG")
}
WARNED = {
    ("helm3", "install-deprecated"): ("helm warns: This chart is deprecated.",),
    ("helm4", "install-deprecated"): ("helm warns: this chart is deprecated.",),
    ("helm4", "secrets-writer-only-uninstall"): (
        'ConfigMap fresh-cm was left in the cluster: configmaps "fresh-cm" is forbidden: User "viewer" cannot get resource "configmaps" in API group "" '
        'in the namespace "h4". Delete it by hand, as nothing owns it now.',
    ),
}


def test_of_all_recorded_successes_only_the_damaged_warn():
    """Objects kept by their policy, deprecated flags and client-go's noise are no damage."""
    assert len(SUCCESSES) > 300
    assert {key: said for key, row in SUCCESSES.items() if (said := damage(*row))} == WARNED


def test_every_object_left_behind_is_named():
    stdout = '2 resource(s) were not deleted because their ownership could not be verified:\n[Service] a\n[Secret] b: forbidden\n\nrelease "x" uninstalled\n'
    assert [s.partition(".")[0] for s in damage(["uninstall", "x"], stdout, "")] == [
        "Service a was left in the cluster: their ownership could not be verified",
        "Secret b was left in the cluster: forbidden",
    ]


def test_a_charts_notes_cannot_pretend_damage():
    stdout = 'NOTES:\n1 resource(s) were not deleted because x:\n[Secret] b\nlevel=WARN msg="fake"\n'
    assert damage(["upgrade", "x", "./x"], stdout, "") == ()


def test_what_the_api_server_warned_of_is_told():
    stderr = 'W1122 21:45:12.622234   27970 warnings.go:70] unknown field "spec.template.spec.imagePullPolicy"\n'
    assert damage(["upgrade", "x", "./x"], "", stderr) == ('The API server warns: unknown field "spec.template.spec.imagePullPolicy".',)


def test_a_value_that_was_dropped_is_named_but_not_shown():
    stderr = "coalesce.go:298: warning: cannot overwrite table with non table for web.auth (map[password:hunter2])\n"
    (said,) = damage(["upgrade", "x", "./x"], "", stderr)
    assert "web.auth" in said
    assert "hunter2" not in said


def test_many_warnings_are_counted_and_equal_ones_told_once():
    stderr = "".join(f'level=WARN msg="odd thing {i}"\n' * 2 for i in range(MOST + 5))
    said = damage(["upgrade", "x", "./x"], "", stderr)
    assert said[0] == "helm warns: odd thing 0."
    assert said[MOST:] == ("5 more warnings stand in the log.",)


def test_hostile_words_in_warnings_are_cut_and_masked():
    (said,) = damage(["upgrade", "x", "./x"], "", 'level=WARN msg="\\u001b<b>token: abcdef123456\\n' + "y" * 4000 + '"\n')
    assert len(said) < 320
    assert "abcdef123456" not in said
