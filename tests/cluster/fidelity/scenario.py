"""What was done to the real cluster, in the order in which it was done.

Commands that were recorded stand by name; `Prepare` steps were run at that place too, for what they leave behind, but not kept. Their time-outs are
shorter than they were: nothing that is compared shows them.
"""

from __future__ import annotations

from signal import SIGINT, SIGKILL, SIGTERM

from .steps import Ask, Begin, End, NextSecond, Prepare, Recorded, Step, rows

_GO_TIME = "2006-01-02T15:04:05Z07:00"
_RBAC = "/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}"


def _grant(name: str, verbs: list[str]) -> list[Step]:
    """Rights on Secrets for the group that the user `viewer` is in."""
    return [
        Ask("POST", f"{_RBAC}/roles", {"metadata": {"name": name}, "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": verbs}]}),
        Ask(
            "POST",
            f"{_RBAC}/rolebindings",
            {
                "metadata": {"name": name},
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
                "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "viewers"}],
            },
        ),
    ]


INSTALLS_AND_UPGRADES: list[Step] = [
    *rows("list-empty-json list-empty-table list-empty-ns-absent install-json-wait install-table"),
    NextSecond(),
    *rows("install-labels"),
    NextSecond(),
    *rows("install-generate-name install-hooks"),
    NextSecond(),
    *rows("install-crd"),
    NextSecond(),
    *rows("install-dryrun-client install-dryrun-server install-deprecated"),
    NextSecond(),
    *rows("upgrade-reuse-values upgrade-reset-then-reuse"),
    Recorded("upgrade-values-stdin", stdin="replicaCount: 1\n"),
    *rows("upgrade-nochange upgrade-install-new upgrade-dryrun-client upgrade-dryrun-server"),
    NextSecond(),
    *rows("upgrade-hooks rollback"),
    NextSecond(),
    *rows("rollback-noarg rollback-dryrun"),
]

READING: list[Step] = [
    *rows("list-json list-json-max0 list-all-json list-all-long list-q list-short-json list-ns-json list-table list-yaml list-filter list-selector"),
    *rows("list-failed list-pending list-deployed list-superseded list-uninstalled list-date-desc list-offset"),
    Recorded("list-timefmt", args=("list", "-A", "-o", "json", "--time-format", _GO_TIME)),
    *rows("history-json history-max2 history-table status-json status-table status-rev1-json status-show-resources-json status-show-desc"),
    *rows("get-metadata-json get-metadata-labels-json get-metadata-rev1-json get-values-json get-values-none-json get-values-none-yaml"),
    *rows("get-values-all-json get-values-rev2-json get-values-yaml get-values-table get-manifest get-notes get-hooks get-hooks-jobs get-all"),
    Recorded("get-all-template", args=("get", "all", "web", "-n", "{ns}", "--template", "{{{{.Release.Name}}}} {{{{.Release.Version}}}}")),
    *rows("template-validate test"),
]

UNINSTALLS: list[Step] = [
    *rows("uninstall-dryrun uninstall-keep-history list-after-keep-history list-after-keep-history-all list-uninstalled-json status-uninstalled-json"),
    *rows("history-uninstalled-json rollback-uninstalled uninstall-wait uninstall-many uninstall-hooks install-keep uninstall-resource-policy-keep"),
    *rows("uninstall-crd-chart"),
]

NOT_THERE_OR_NOT_ALLOWED: list[Step] = [
    *rows("err-notfound-status-nope err-notfound-history-nope err-notfound-rollback-nope-1"),
    *rows("err-notfound-get-values-nope err-notfound-get-manifest-nope err-notfound-get-metadata-nope err-notfound-upgrade-nope-cm err-notfound-test-nope"),
    *rows("err-notfound-uninstall-nope-ignore-not-found err-unauthorized"),
    *rows("err-forbidden-list-all err-forbidden-list-ns err-forbidden-install err-forbidden-install-createns err-forbidden-upgrade"),
    *rows("err-forbidden-rollback err-forbidden-uninstall err-forbidden-get-values"),
    *_grant("sec-reader", ["get", "list"]),
    *rows("readonly-secrets-user-list-ns readonly-secrets-user-list-all readonly-secrets-user-status readonly-secrets-user-install"),
    *rows("readonly-secrets-user-upgrade readonly-secrets-user-rollback readonly-secrets-user-uninstall"),
    *_grant("sec-writer", ["*"]),
    *rows("secrets-writer-only-install secrets-writer-only-upgrade secrets-writer-only-uninstall list-after-forbidden-uninstall"),
    Ask("DELETE", f"{_RBAC}/rolebindings/sec-reader"),
    Ask("DELETE", f"{_RBAC}/rolebindings/sec-writer"),
]

WAITS_AND_HOOKS: list[Step] = [
    *rows("err-schema-install err-schema-multi ok-schema err-schema-upgrade"),
    Prepare("install badimg dep -n {ns} --set image=does-not-exist:1 --wait --timeout 2s"),
    *rows("status-failed-json list-with-failed-json list-failed-json ok-dep-install"),
    Prepare("upgrade d1 dep -n {ns} --set image=does-not-exist:2 --wait --timeout 2s"),
    *rows("history-failed-upgrade-json upgrade-after-failed err-atomic-upgrade err-rollback-on-failure-upgrade history-after-atomic-json"),
    Prepare("install at dep -n {ns} --set image=does-not-exist:3 --atomic --timeout 2s"),
    Prepare("install crash dep -n {ns} --set image=crash:1 --wait --timeout 2s"),
    *rows("err-hook-failed err-hook-timeout"),
]

_WAITING_UPGRADE = Begin("upgrade slow1 slow -n {ns} --set after=30 --wait --timeout 90s", "list", "replicasets")

IN_PROGRESS: list[Step] = [
    Begin("install pend slow -n {ns} --set after=60 --wait --timeout 90s", "list", "replicasets"),
    *rows("status-pending-install-json list-pending-json list-pending-flag-json list-a-with-pending-json"),
    Prepare("upgrade pend slow -n {ns}"),
    Prepare("install pend slow -n {ns}"),
    *rows("err-in-progress-upgrade-install err-in-progress-rollback"),
    End(SIGKILL),
    *rows("err-stuck-pending-upgrade uninstall-pending slow-ok"),
    _WAITING_UPGRADE,
    *rows("list-pending-upgrade-json list-a-pending-upgrade-json history-pending-upgrade-json status-pending-upgrade-json"),
    *rows("err-in-progress-concurrent-upgrade uninstall-during-upgrade"),
    End(SIGINT),
    *rows("history-after-sigint-json"),
    _WAITING_UPGRADE,
    End(SIGTERM),
    *rows("history-after-sigterm-json"),
    _WAITING_UPGRADE,
    End(SIGKILL),
    *rows("history-after-sigkill-json rollback-out-of-stuck history-after-unstick-json"),
]

BAD_INPUT: list[Step] = [
    *rows("err-name-in-use err-bad-name err-long-name err-ns-missing"),
    Recorded("err-bad-set"),
    *rows("err-chart-badtpl err-chart-parse err-chart-req err-chart-badyaml err-chart-kubever"),
    Prepare("install e-nokind nokind -n {ns}"),
    *rows("err-chart-invalid"),
    Prepare("install e-unkfield unkfield -n {ns}"),
    *rows("list-after-errors list-after-errors-noa"),
    Ask("POST", "/api/v1/namespaces/{ns}/configmaps?fieldManager=kubectl-create", {"metadata": {"name": "fixed-cm"}}),
    *rows("err-ownership take-ownership err-immutable-upgrade err-rollback-norev err-status-norev err-getvalues-norev err-rollback-no-previous"),
]

FIELD_CONFLICTS: list[Step] = [
    Ask("PATCH", "/apis/apps/v1/namespaces/{ns}/deployments/d1/scale?fieldManager=kubectl", {"spec": {"replicas": 4}}, "application/merge-patch+json"),
    *rows("upgrade-after-kubectl-scale"),
    Ask(
        "PATCH",
        "/apis/apps/v1/namespaces/{ns}/deployments/d1?fieldManager=other",
        {"spec": {"template": {"metadata": {"annotations": {"x": "changed"}}}}},
        "application/merge-patch+json",
    ),
    *rows("ssa-conflict-upgrade ssa-force-conflicts"),
    NextSecond(),  # and until nobody writes the Deployment's status any more: a replacement collides with it
    *rows("force-flag"),
]

REPOSITORY: list[Step] = [
    Prepare("package demo -d repo"),
    Prepare("package demo -d repo --version 0.2.0 --app-version 2.0"),
    Prepare("repo index repo --url {repo}"),
    Prepare("repo add scratch {repo}"),
    *rows("install-from-repo upgrade-from-repo list-debug final-list-json"),
]

SLOW_HOOKS: list[Step] = [
    *rows("x-install-slowdel"),
    Begin("uninstall sd -n {x}", "watch", "jobs"),
    *rows("list-uninstalling-json list-uninstalling-flag-json status-uninstalling-json"),
    End(SIGKILL),
    *rows("x-install-slowrb x-up"),
    Begin("rollback rb 1 -n {x}", "watch", "jobs"),
    *rows("list-pending-rollback-json history-pending-rollback-json err-in-progress-during-rollback"),
    End(SIGKILL),
]

TIME_ZONES_AND_PRUNING: list[Step] = [
    *rows("install-tz-tokyo history-tz-json list-tz-json list-tz-viewer-newyork get-metadata-tz-json upgrade-history-max"),
    # The recording made fourteen revisions; ten are kept.
    *[Prepare(f"upgrade tz cm -n {{x}} --set a={number}") for number in range(3, 15)],
    *rows("history-after-14-json"),
]

STEPS: list[Step] = [
    *INSTALLS_AND_UPGRADES,
    *READING,
    *UNINSTALLS,
    *NOT_THERE_OR_NOT_ALLOWED,
    *WAITS_AND_HOOKS,
    *IN_PROGRESS,
    *BAD_INPUT,
    *FIELD_CONFLICTS,
    *REPOSITORY,
    *SLOW_HOOKS,
    *TIME_ZONES_AND_PRUNING,
]
