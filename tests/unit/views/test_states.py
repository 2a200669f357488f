from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml

from helmpanel import errors
from helmpanel.model.filters import Filters
from helmpanel.model.status import StatusGroup
from helmpanel.model.table import ReleaseTable
from helmpanel.views.states import empty_state, failed_state, no_match_state, role_text, stale_words

FAULTS = [
    errors.Forbidden("secrets is forbidden", verb="list", resource="secrets", namespace=None),
    errors.Unauthorized("401"),
    errors.Unreachable("dial tcp: i/o timeout"),
    errors.KubeconfigInvalid("no such file"),
    errors.HelmMissing("helm is not on PATH"),
    errors.HelmTooOld("helm 3.9"),
    errors.ServerFault("500"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_every_fault_has_words_a_way_on_and_what_was_answered(fault: errors.HelmPanelError):
    state = failed_state(fault, "prod", None)
    assert state.title
    assert state.text.endswith((".", "below."))
    assert state.raw == str(fault)
    assert state.actions


def test_every_fault_has_its_own_words():
    assert len({failed_state(fault, "prod", None).title for fault in FAULTS}) == len(FAULTS)


def test_what_was_answered_is_masked_and_cut():
    state = failed_state(errors.Unreachable("password: hunter2 " + "x" * 9000), "prod", None)
    assert "hunter2" not in state.raw
    assert len(state.raw) < 2100


def test_forbidden_offers_the_role_to_ask_for():
    state = failed_state(FAULTS[0], "prod", ["team-a", "team-b"])
    assert "team-a, team-b" in state.text
    roles = list(yaml.safe_load_all(state.copies["role"]))
    assert [role["metadata"].get("namespace") for role in roles] == ["team-a", "team-b"]
    assert yaml.safe_load(role_text(None))["kind"] == "ClusterRole"


def test_forbidden_names_what_helm_keeps_releases_in():
    fault = errors.Forbidden("configmaps is forbidden", verb="list", resource="configmaps", namespace=None)
    state = failed_state(fault, "prod", None)
    assert state.text.startswith("helm keeps releases in ConfigMaps, and you may not list them across the cluster.")
    assert yaml.safe_load(state.copies["role"])["rules"][0]["resources"] == ["configmaps"]
    assert "Secrets" in failed_state(FAULTS[0], "prod", None).text
    assert yaml.safe_load(role_text(None))["rules"][0]["resources"] == ["secrets"]


def test_the_role_reads_and_follows_releases_and_workloads_and_changes_nothing():
    rules = yaml.safe_load(role_text(None))["rules"]
    rights = {resource: set(rule["verbs"]) for rule in rules for resource in rule["resources"]}
    assert rights["secrets"] == {"get", "list", "watch"}
    assert all(rights[kind] == {"list", "watch"} for kind in ("deployments", "statefulsets", "daemonsets", "jobs"))
    assert rights["pods"] == {"list"}
    assert set().union(*rights.values()) == {"get", "list", "watch"}


def test_stale_rows_say_since_when_and_why_and_show_no_secret():
    table = ReleaseTable(since=datetime(2026, 11, 28, 7, 5, 9, tzinfo=UTC), error=errors.Unreachable("prod does not answer: https://u:hunter2@host."))
    said = stale_words(table)
    assert said["title"] == "The cluster has not been heard since 07:05:09 UTC"
    assert said["text"].startswith("The rows are as they were then. prod does not answer: https://")
    assert said["text"].endswith(" It is tried again by itself.")
    assert "hunter2" not in said["text"]


def test_a_namespace_that_was_never_read_makes_no_old_rows_of_the_others():
    said = stale_words(ReleaseTable(error=errors.ServerFault("Namespace b answers with 500.")))
    assert said == {"title": "Not everything could be read", "text": "Namespace b answers with 500. It is tried again by itself."}


def test_an_empty_cluster_says_where_was_looked():
    assert "here" in empty_state("prod", None).text
    assert "in team-a." in empty_state("prod", ["team-a"]).text
    assert "2 namespaces" in empty_state("prod", ["a", "b"]).text


def test_no_match_says_what_was_asked_and_offers_to_clear_it():
    filters = Filters(text="kafka", namespaces=["ml", "ops"], statuses=[StatusGroup.FAILED], upgrade_available=True)
    state = no_match_state(filters)
    assert state.text == "Nothing in ml or ops has “kafka” in its name or chart and is Failed and has an upgrade available."
    assert state.actions == (("clear", "Clear filters"),)
