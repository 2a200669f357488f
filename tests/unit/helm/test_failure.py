"""What helm's failures mean: every recorded one and what the field says."""

from __future__ import annotations

import json
import re
import shlex
import time

import pytest

from helmpanel.errors import FailureKind
from helmpanel.helm.failure import classify
from tests.unit.helm.recordings import DATA, LABELS, ROWS, TRACE


def kind(stderr: str, command: str = "upgrade web repo/web -n team-a", rc: int = 1) -> str:
    return classify(shlex.split(command), rc, stderr).kind.value


def test_every_recorded_failure_has_a_label():
    assert {(major, name) for major, names in LABELS.items() for name in names} == set(ROWS)


@pytest.mark.parametrize(("major", "name"), ROWS)
def test_recorded_failures_are_what_their_label_says(major, name):
    command, rc, stderr = ROWS[major, name]
    failure = classify(command, rc, stderr)
    assert failure.kind.value == LABELS[major][name]
    assert (failure.raw, failure.command, failure.rc) == (stderr, tuple(command), rc)


def test_failures_are_sentences_with_a_next_step():
    for row in ROWS.values():
        text = str(classify(*row))
        assert re.fullmatch(r"[A-Z`].{20,900}[.!]", text), text
        assert text.count(". ") + text.count("… ") >= 1, f"what to do next follows what happened: {text}"
        assert not re.search(r"  | \.(?:\s|$)|\(\)|\bNone\b|\{[a-z]", text), f"no hole where a name should be: {text}"


# Not recorded; from helm's, client-go's and the API server's source, and from issues people filed.
FIELD = json.loads((DATA / "field_failures.json").read_text())


@pytest.mark.parametrize(("expected", "stderr"), FIELD, ids=[f"{i}-{label}" for i, (label, _) in enumerate(FIELD)])
def test_words_from_the_field_are_understood(expected, stderr):
    command = "uninstall web -n a" if "uninstall" in stderr else "upgrade web oci://reg.example.org/a/b -n a"
    assert kind(stderr, command) == expected


SENTENCES = [
    ("err-chart-version", "Upgrading h4/fr failed: chart demo has no version 9.9.9. Choose another version, or refresh the repositories."),
    ("err-forbidden-rollback", "Rolling back h4/fresh failed: nobody may not list secrets in namespace h4. Ask whoever runs"),
    ("err-forbidden-list-all", "Listing releases failed: nobody may not list secrets in the whole cluster. Ask"),
    ("err-ownership", "Installing h4/own failed: ConfigMap fixed-cm in namespace h4 exists already and belongs to something else. Delete or rename it"),
    ("ssa-conflict-upgrade", "Upgrading h4/d1 failed: .spec.replicas was set by kubectl, which owns it now. Put the value wanted"),
    ("err-immutable-upgrade", "Upgrading h4/d1 failed: spec.selector of Deployment.apps d1 cannot be changed once it exists. Keep the old value"),
    ("err-chart-needsdep", "Installing h4/e-needsdep failed: charts it depends on are missing: redis. Run"),
    ("err-chart-kubever", "Installing h4/e-kubever failed: the chart wants Kubernetes >=1.99.0, and this cluster is v1.36.2. Choose"),
    ("err-unknown-ca", "Listing releases failed: the API server's certificate is not trusted. Check the kubeconfig"),
    (
        "err-hook-timeout",
        "Installing h4/hs failed: its pre-install hook (Job hs-pre-install) did not finish in time. Look at the hook's job and pods, or allow more time",
    ),
    (
        "err-rollback-on-failure-upgrade",
        "Upgrading h4/d1 failed: Deployment d1 in namespace h4 did not become ready in time. Look at the pods and events in namespace h4",
    ),
    ("err-bad-name", "Installing h4/Bad_Name failed: helm does not take the release's name. Names are"),
    ("list-all-long", "Listing releases failed: this helm does not know the flag --all. Check which helm is used."),
    ("err-no-context", "Listing releases failed: the kubeconfig has no context nope. Choose one it has"),
    (
        "err-schema-install",
        'Installing h4/sc failed: the values do not fit the chart\'s schema: schema: - at "/replicaCount": got string, want integer. Correct',
    ),
    (
        "err-bad-values-file",
        'Installing h4/x failed: the values cannot be read: error converting YAML to JSON: yaml: line 1: did not find expected "," or "]". Correct',
    ),
]


@pytest.mark.parametrize(("name", "begins"), SENTENCES)
def test_sentences_say_what_happened_to_what(name, begins):
    assert str(classify(*ROWS["helm4", name])).startswith(begins)


@pytest.mark.parametrize(
    ("stderr", "words"),
    [
        ("Error: Kubernetes cluster unreachable: getting credentials: exec: executable aws failed with exit code 1", "login program aws failed. Run it by"),
        ('Error: UPGRADE FAILED: pods "x" is forbidden: exceeded quota: compute, requested: cpu=2', "it would exceed the quota compute. Ask for a larger"),
        ('Error: no matches for kind "Ingress" in version "extensions/v1beta1"', "the cluster does not know Ingress (extensions/v1beta1). Install the CRDs"),
        ('Error: Secret "sh.helm.release.v1.web.v1" is invalid: data: Too long: may not be more than 1048576 bytes', "are too large to be stored as a release"),
        ("Error: failed to delete release: web", "could not delete its objects and does not say why; it is left as uninstalling. Most often a right"),
        ("Error: UPGRADE FAILED: timed out waiting for the condition", "it did not finish in time. Look at the pods and events in namespace team-a"),
        ("panic: nil", "helm itself crashed. Try another version"),
        (
            "helm.go:83: unable to instantiate SQL driver: dial tcp 127.0.0.1:1: connect: connection refused",
            "the database that helm keeps its releases in cannot be used: dial tcp 127.0.0.1:1: connect: connection refused. Check HELM_DRIVER_SQL",
        ),
        ("Error: no space left on device", "the disk of the machine that runs helm is full. Make room"),
    ],
)  # fmt: skip
def test_causes_without_a_kind_of_their_own_have_words_of_their_own(stderr, words):
    assert words in str(classify(["upgrade", "web", "./web", "-n", "team-a"], 1, stderr))


def test_a_test_that_failed_is_its_hooks_failure():
    assert kind("Error: pod web-test-connection failed", "test web -n a") == "hook-failed"
    assert kind("Error: timed out waiting for the condition", "test web -n a") == "hook-failed"
    assert kind("Error: context deadline exceeded", "get values web -n a") == "timeout"


@pytest.mark.parametrize("rc", [-2, -9, -15, 130, 137, 143])
def test_a_helm_ended_by_a_signal_was_interrupted_whatever_it_had_said(rc):
    failure = classify(["upgrade", "web", "./web", "-n", "a"], rc, "Error: UPGRADE FAILED: timed out waiting for the condition")
    assert failure.kind is FailureKind.INTERRUPTED
    assert re.match(r"Upgrading a/web was stopped by SIG(INT|KILL|TERM) ", str(failure))


def test_a_missing_helm_is_told_from_a_missing_chart_of_that_name():
    assert kind("sh: 1: helm: not found", rc=127) == "helm-missing"
    assert kind("/bin/sh: /opt/helm: Permission denied", rc=126) == "helm-missing"
    assert kind("bash: line 1: helm: command not found") == "helm-missing"
    assert kind('Error: failed to perform "FetchReference" on source: reg/helm: not found') == "chart-not-found"


def test_a_missing_revision_is_told_from_a_missing_release():
    said = "Error: release: not found"
    assert kind(said, "get values web -n a --revision 3") == "no-such-revision"
    assert kind(said, "status web --revision=3") == "no-such-revision"
    assert kind(said, "get values web -n a") == "not-found"
    assert kind(said, "rollback web 3 -n a") == "not-found"


def test_a_pull_failing_on_the_charts_own_host_is_the_charts_fault():
    """The same words from another host are the API server's, or whoever's."""
    said = 'Error: Get "https://reg.example.org/some/path": dial tcp: lookup reg.example.org: no such host'
    assert kind(said, "upgrade web https://reg.example.org/web -n a") == "chart-not-found"
    assert kind(said, "upgrade web https://other.example.org/web -n a") == "unreachable"


def test_the_last_thing_helm_3_waited_for_is_what_was_not_ready():
    """Only its debug log names it, at every look; a resource that became ready meanwhile is not to blame."""
    look = "ready.go:303: 2026-11-23 00:27:51.41 +0000 UTC m=+2.63 [debug] "
    said = (
        f"{look}Service does not have load balancer ingress IP address: a/web\n{look}Deployment is not ready: a/web. 0 out of 1 expected pods are ready\n"
        "upgrade.go:487: 2026-11-23 00:27:53.37 +0000 UTC m=+4.59 [debug] warning: Upgrade failed\nError: UPGRADE FAILED: context deadline exceeded\n" + TRACE
    )
    failure = classify(["upgrade", "web", "./web", "-n", "a"], 1, said)
    assert failure.kind is FailureKind.NOT_READY
    assert "Deployment web in namespace a did not become ready in time (0 out of 1 expected pods are ready)" in str(failure)
    assert failure.raw == said


def test_why_helm_3_could_not_delete_stands_in_its_debug_log():
    why = 'deployments.apps "web" is forbidden: User "me" cannot delete resource "deployments" in API group "apps" in the namespace "a"'
    said = f"uninstall.go:124: 2026-11-23 00:56:02.18 +0000 [debug] uninstall: Failed to delete release: [{why}]\nError: failed to delete release: web\n"
    failure = classify(["uninstall", "web", "-n", "a"], 1, said + TRACE)
    assert str(failure).startswith("Uninstalling a/web failed: me may not delete deployments in namespace a")
    assert failure.kind is FailureKind.FORBIDDEN


def test_what_stood_before_the_error_is_not_taken_for_it():
    """Hooks log to standard error too, and client-go complains about other APIs."""
    noise = "Error: connection refused\npanic: x509: certificate signed by unknown authority\n"
    assert kind(noise + "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress\n") == "busy"


def test_hostile_words_are_cut_masked_and_put_on_one_line():
    said = "Error: boom\x1b[31m <script>alert(1)</script>\n\tpassword: hunter2hunter2 https://me:s3cr3tpass@example.org " + "x" * 5000
    failure = classify(["upgrade", "web", "./web", "-n", "a"], 1, said)
    text = str(failure)
    assert len(text) < 500
    assert "\n" not in text
    assert "\x1b" not in text
    assert "hunter2" not in text
    assert "s3cr3t" not in text
    assert failure.raw == said


@pytest.mark.parametrize("noise", ["noise about forbidden things and x509: ", "x", "a ", '"', "\\n", "https://", "api:https://x/version ", "\n"])
def test_a_megabyte_of_words_is_classified_in_a_moment(noise):
    log = noise * (1_000_000 // len(noise))
    began = time.process_time()
    assert kind(f"{log}\nError: release: not found\n", "history web") == "not-found"
    assert kind(f"Error: release: not found\n{log}", "history web") == "not-found"
    assert time.process_time() - began < 5


def test_braces_in_helms_words_are_no_placeholders():
    failure = classify(["upgrade", "{it}", "{chart}", "-n", "{0}"], 1, "Error: {said} {0} {missing}")
    assert "{said} {0} {missing}" in str(failure)


NAMED_HOOKS = [
    (
        "Error: UPGRADE FAILED: pre-upgrade hooks failed: 1 error occurred:\n\t* job superset-run-migrations failed: BackoffLimitExceeded\n\n\n",
        "its pre-upgrade hook (job superset-run-migrations) failed.",
    ),
    (
        "Error: UPGRADE FAILED: pre-upgrade hooks failed: resource Job/analytics/superset-run-migrations not ready. "
        "status: Failed, message: Job Failed. failed: 1/1\n",
        "its pre-upgrade hook (Job superset-run-migrations) failed.",
    ),
    (
        "Error: UPGRADE FAILED: pre-upgrade hooks failed: resource Job/analytics/superset-run-migrations not ready. "
        "status: InProgress, message: Job in progress\ncontext deadline exceeded\n",
        "its pre-upgrade hook (Job superset-run-migrations) did not finish in time.",
    ),
    ("Error: UPGRADE FAILED: post-upgrade hooks failed: job failed: BackoffLimitExceeded", "its post-upgrade hook failed."),
]


@pytest.mark.parametrize(("stderr", "said"), NAMED_HOOKS)
def test_a_failed_hook_is_named_where_helm_names_it(stderr, said):
    failure = classify(["upgrade", "superset", "repo/superset", "-n", "analytics"], 1, stderr)
    assert failure.kind is FailureKind.HOOK_FAILED
    assert f"Upgrading analytics/superset failed: {said} Look at the hook's job and pods" in str(failure)


@pytest.mark.parametrize(("major", "named"), [("helm3", "job hb-pre-install"), ("helm4", "Job hb-pre-install")])
def test_the_recorded_failed_hook_is_named(major, named):
    assert f"its pre-install hook ({named}) failed." in str(classify(*ROWS[major, "err-hook-failed"]))
