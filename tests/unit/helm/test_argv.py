"""Command lines: what each major is told, and that no name can act as a flag."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.helm import argv
from helmpanel.helm.argv import Target
from helmpanel.helm.subject import subject
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import ValuesMode

WEB = ReleaseKey("prod", "team-a", "web")
PROD = Target(context="prod")


def upgrade(major: int, **changed: object) -> str:
    options = {"chart": "repo/web", "version": "1.4.0", "mode": ValuesMode.REUSE, "has_values": True, "wait": True, "timeout_s": 300.0, **changed}
    return " ".join(argv.upgrade(WEB, PROD, major, **options))  # type: ignore[arg-type]


def test_an_upgrade_reads_as_people_write_it():
    assert upgrade(4) == "upgrade web repo/web --version 1.4.0 --reuse-values -f - --wait=watcher --timeout 300s --namespace team-a --kube-context prod"


def test_the_majors_differ_only_where_the_table_says():
    for major, wait, rollback in ((3, "--wait", "--atomic"), (4, "--wait=watcher", "--rollback-on-failure"), (5, "--wait=watcher", "--rollback-on-failure")):
        words = upgrade(major, rollback_on_failure=True).split()
        assert {wait, rollback} <= set(words)
        assert [w for w in words if w not in (wait, rollback)] == [w for w in upgrade(3).split() if w != "--wait"]


@pytest.mark.parametrize("mode", ValuesMode)
def test_each_values_mode_is_one_flag_and_values_never_stand_on_the_command_line(mode):
    words = upgrade(3, mode=mode).split()
    assert [w for w in words if "values" in w] == [f"--{mode.value}-values"]
    assert words[words.index("-f") + 1] == "-"
    assert "-f" not in upgrade(3, mode=mode, has_values=False).split()


def test_a_rollback_names_its_revision():
    assert (
        " ".join(argv.rollback(WEB, PROD, 3, revision=7, wait=True, timeout_s=90))
        == "rollback web 7 --wait --timeout 90s --namespace team-a --kube-context prod"
    )


def test_an_uninstall_keeps_the_history_only_when_asked():
    gone = argv.uninstall(WEB, PROD, 4, keep_history=False, wait=False, timeout_s=300)
    kept = argv.uninstall(WEB, PROD, 4, keep_history=True, wait=True, timeout_s=300)
    assert " ".join(gone) == "uninstall web --timeout 300s --namespace team-a --kube-context prod"
    assert set(kept) - set(gone) == {"--keep-history", "--wait=watcher"}


def every(release: ReleaseKey, target: Target, chart: str, version: str) -> list[argv.Argv]:
    """Every command that goes to a cluster."""
    return [
        argv.upgrade(release, target, 4, chart=chart, version=version, mode=ValuesMode.RESET, has_values=True, wait=True, timeout_s=5),
        argv.rollback(release, target, 4, revision=1, wait=False, timeout_s=5),
        argv.uninstall(release, target, 4, keep_history=True, wait=False, timeout_s=5),
        argv.history(release, target),
        argv.get_values(release, target, computed=True, revision=2),
        argv.get_manifest(release, target),
        argv.get_notes(release, target, revision=2),
        argv.get_hooks(release, target, revision=2),
        argv.get_metadata(release, target),
        argv.status(release, target, revision=2),
    ]


def test_every_command_names_context_and_namespace():
    for command in every(WEB, Target(context="prod", kubeconfig="/home/me/one.yaml"), "repo/web", "1.0.0"):
        flags = dict(pairwise(command))
        assert (flags["--kube-context"], flags["--namespace"], flags["--kubeconfig"]) == ("prod", "team-a", "/home/me/one.yaml")


def test_the_environments_kubeconfig_is_left_alone_unless_one_file_was_named():
    assert not [word for command in every(WEB, PROD, "repo/web", "") for word in command if word.startswith("--kubeconfig")]


def test_in_a_cluster_there_is_no_context_to_name():
    assert not [word for command in every(WEB, Target(context=None), "repo/web", "") for word in command if "context" in word]


texts = st.text(alphabet="-nof=w1./: ", min_size=1, max_size=8)


@given(name=texts, namespace=texts, context=texts, chart=texts, version=texts)
def test_no_name_can_act_as_a_flag(name, namespace, context, chart, version):
    """Read back as helm's parser does, every text is where it was put."""
    for command in every(ReleaseKey("c", namespace, name), Target(context=context), chart, version):
        read, flags = parsed(command)
        assert read[-1 if command[0] not in ("upgrade", "rollback") else -2] == name
        assert (flags["--namespace"], flags["--kube-context"]) == (namespace, context)
        if command[0] == "upgrade":
            assert (read[-1], flags["--version"]) == (chart, version)


SWITCHES = {"--wait", "--wait=watcher", "--keep-history", "--reset-values", "--all"}


def parsed(command: argv.Argv) -> tuple[list[str], dict[str, str]]:
    """Positional arguments and flags, by pflag's rules."""
    words, names, flags = list(command), [], {}
    while words:
        word = words.pop(0)
        if word == "--":
            return names + words, flags
        if not word.startswith("-") or word == "-":
            names.append(word)
        elif word not in SWITCHES:
            flag, equals, value = word.partition("=")
            flags[flag] = value if equals else words.pop(0)
    return names, flags


@pytest.mark.parametrize(("timeout_s", "said"), [(300, "300s"), (1.5, "1.5s"), (0.25, "0.25s"), (86_400, "86400s"), (10_000_000, "10000000s"), (100, "100s")])
def test_timeouts_are_go_durations(timeout_s, said):
    assert argv.seconds(timeout_s) == said


def test_a_command_line_can_be_read_back_for_messages():
    for command in every(WEB, PROD, "repo/web", "1.0.0"):
        about = subject(command)
        assert (about.it, about.context) == ("team-a/web", "prod")
    assert subject(upgrade(4).split()).chart == "repo/web"
    assert subject(argv.show_values("oci://reg.example.org/web", version="1.0.0")).source == "oci://reg.example.org/web"
    assert subject(argv.get_values(WEB, PROD, revision=3)).revision == "3"
    assert subject(argv.rollback(WEB, PROD, 3, revision=7, wait=True, timeout_s=9)).revision == "7"


def test_repositories_and_charts_are_asked_without_a_cluster():
    assert argv.repo_update() == ("repo", "update")
    assert argv.repo_update(["a", "-b"]) == ("repo", "update", "--", "a", "-b")
    assert argv.show_values("repo/web", version="-1") == ("show", "values", "repo/web", "--version=-1")
    assert argv.repo_list() == ("repo", "list", "--output", "json")
