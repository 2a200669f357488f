"""Health of releases that real helms install in the sandbox, as the inventory tells of it."""

from __future__ import annotations

import asyncio

import pytest

from helmpanel.inventory.health.health import HealthWatch
from helmpanel.model.health import NOT_LOOKED, HealthState
from helmpanel.runtime.tasks import end, spawn
from helmpanel.sandbox import Sandbox
from tests.waiting import until

HEALTHY, PROGRESSING, DEGRADED, NONE, UNKNOWN = (
    HealthState.HEALTHY,
    HealthState.PROGRESSING,
    HealthState.DEGRADED,
    HealthState.NONE,
    HealthState.UNKNOWN,
)
KINDS = {"deployments", "statefulsets", "daemonsets", "jobs"}

TEMPLATE = """
{{- range $kind := .Values.kinds }}
---
apiVersion: apps/v1
kind: {{ $kind }}
metadata: {name: "{{ $.Release.Name }}-{{ lower $kind }}", labels: {app.kubernetes.io/managed-by: "{{ $.Release.Service }}"}}
spec:
  {{- if ne $kind "DaemonSet" }}
  replicas: {{ $.Values.replicas }}
  {{- end }}
  selector: {matchLabels: {app: "{{ $.Release.Name }}-{{ lower $kind }}"}}
  template:
    metadata: {labels: {app: "{{ $.Release.Name }}-{{ lower $kind }}"}}
    spec: {containers: [{name: main, image: "{{ $.Values.image }}"}]}
{{- end }}
{{- if .Values.job }}
---
apiVersion: batch/v1
kind: Job
metadata: {name: "{{ .Release.Name }}-job", labels: {app.kubernetes.io/managed-by: "{{ .Release.Service }}"}}
spec:
  backoffLimit: 0
  template: {spec: {restartPolicy: Never, containers: [{name: main, image: web, command: ["sh", "-c", "{{ .Values.job }}"]}]}}
{{- end }}
"""


@pytest.fixture
def install(helm, helm_home, sandbox, tmp_path):
    """Installs a release with the helm at hand; arguments are those of `helm install`."""
    chart = tmp_path / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n")
    (chart / "values.yaml").write_text("kinds: [Deployment]\nreplicas: 1\nimage: web\njob: ''\n")
    (chart / "templates" / "workloads.yaml").write_text(TEMPLATE)

    async def install(name, *args, namespace="default"):
        await asyncio.to_thread(helm.run, "install", name, str(chart), "-n", namespace, "--create-namespace", *args, env=helm_home)

    return install


class Watched:
    """A watch of the sandbox while it runs, and what it told."""

    def __init__(self, api, namespaces=None, fallback=("default",)):
        self.told = []
        self.watch = HealthWatch(api, namespaces, fallback, changed=self.told.append)

    def start(self):
        self.task = spawn(self.watch.run(), "read health")
        return self

    def of(self, name="web", namespace="default"):
        health = self.watch.health(namespace, name)
        return health.state, health.ready, health.wanted, health.reason


@pytest.fixture
async def watched(connect, sandbox):
    made = []

    def watched(user="admin", **places):
        made.append(Watched(connect(sandbox.kubeconfig_for(user)), **places).start())
        return made[-1]

    yield watched
    for one in made:
        await end(one.task)


def asked(sandbox: Sandbox, verb: str, plural: str) -> int:
    return sum(each.verb == verb and f"/{plural}?" in each.request for each in sandbox.requests)


async def test_all_kinds_of_a_release_are_counted_until_every_pod_is_ready(install, watched):
    one = watched()
    await install("web", "--set", "kinds={Deployment,StatefulSet,DaemonSet},replicas=2,job=exit 0")
    await until(lambda: one.of() == (HEALTHY, 6, 6, ""))
    found = [(each.kind, each.name, each.health.ready, each.health.wanted) for each in one.watch.workloads("default", "web")]
    assert found == [
        ("DaemonSet", "web-daemonset", 1, 1),
        ("Deployment", "web-deployment", 2, 2),
        ("Job", "web-job", 1, 1),
        ("StatefulSet", "web-statefulset", 2, 2),
    ]


async def test_an_image_that_cannot_be_pulled_shows_only_where_somebody_looks(install, watched, sandbox):
    one = watched()
    await install("web", "--set", "image=does-not-exist")
    await until(lambda: one.of() == (PROGRESSING, 0, 1, "0 of 1 ready"))
    await asyncio.sleep(1)
    assert one.of()[0] is PROGRESSING
    assert asked(sandbox, "list", "pods") == 0
    one.told.clear()
    one.watch.on_screen([("default", "web")])
    await until(lambda: one.of() == (DEGRADED, 0, 1, "ImagePullBackOff"))
    assert {("default", "web")} in one.told
    one.watch.on_screen([])
    assert one.of() == (DEGRADED, 0, 1, "ImagePullBackOff"), "what is known does not go by scrolling"


async def test_a_crash_shows_and_heals_with_the_next_rollout(install, watched, sandbox):
    one = watched()
    one.watch.on_screen([("default", "web")])
    await install("web", "--set", "image=crash")
    await until(lambda: one.of() == (DEGRADED, 0, 1, "CrashLoopBackOff"))
    mended = sandbox.get("Deployment", "default", "web-deployment")
    mended["spec"]["template"]["spec"]["containers"][0]["image"] = "web"
    sandbox.put(mended)
    await until(lambda: one.of() == (HEALTHY, 1, 1, ""))


async def test_a_job_that_fails_degrades_its_release(install, watched):
    one = watched()
    await install("web", "--set", "kinds=null,job=exit 3")
    await until(lambda: one.of() == (DEGRADED, 0, 1, "BackoffLimitExceeded"))


async def test_one_scaled_by_somebody_else_is_seen(install, watched, sandbox):
    one = watched()
    await install("web")
    await until(lambda: one.of() == (HEALTHY, 1, 1, ""))
    one.told.clear()
    scaled = sandbox.get("Deployment", "default", "web-deployment")
    scaled["spec"]["replicas"] = 4
    sandbox.put(scaled)
    await until(lambda: one.of() == (HEALTHY, 4, 4, ""))
    assert one.told
    assert set().union(*one.told) == {("default", "web")}


async def test_a_release_without_workloads_has_none(install, watched):
    one = watched()
    assert one.watch.health("default", "web") == NOT_LOOKED
    await install("web", "--set", "kinds=null")
    await until(lambda: one.of() == (NONE, 0, 0, ""))


async def test_releases_of_one_name_in_two_namespaces_are_two(install, watched, sandbox):
    one = watched()
    await install("web", "--set", "replicas=2")
    await install("web", "--set", "replicas=3", namespace="other")
    await until(lambda: one.of() == (HEALTHY, 2, 2, "") and one.of(namespace="other") == (HEALTHY, 3, 3, ""))


async def test_an_uninstalled_release_keeps_nothing(install, watched, helm, helm_home):
    one = watched()
    await install("web")
    await until(lambda: one.of()[0] is HEALTHY)
    await asyncio.to_thread(helm.run, "uninstall", "web", env=helm_home)
    await until(lambda: one.of() == (NONE, 0, 0, ""))
    assert one.watch.workloads("default", "web") == ()


def deployed(namespace: str, name: str) -> dict[str, object]:
    """A Deployment as helm leaves it."""
    labels = {"app": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "namespace": namespace,
            "name": name,
            "labels": {"app.kubernetes.io/managed-by": "Helm"},
            "annotations": {"meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": namespace},
        },
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": "web"}]}},
        },
    }


async def test_however_many_releases_there_are_each_kind_is_listed_once_and_watched_once(sandbox, watched):
    sandbox.put(*(deployed(f"team-{n % 5}", f"web-{n}") for n in range(100)))
    one = watched()
    await until(lambda: all(one.of(f"web-{n}", f"team-{n % 5}") == (HEALTHY, 1, 1, "") for n in range(100)))
    await until(lambda: all(asked(sandbox, "watch", plural) for plural in KINDS))
    assert [(asked(sandbox, "list", plural), asked(sandbox, "watch", plural)) for plural in sorted(KINDS)] == [(1, 1)] * 4
    assert len(sandbox.requests) == 8


async def test_a_viewer_who_may_not_list_one_kind_is_told_which(sandbox, watched):
    sandbox.put(deployed("default", "web"))
    sandbox.grant("viewer", verbs=["get", "list", "watch"], resources=["statefulsets", "daemonsets", "jobs"])
    one = watched("viewer", fallback=("default",))
    await until(lambda: one.of() == (UNKNOWN, 0, 0, "You may not list deployments in namespace default."))
    assert one.watch.health("elsewhere", "web").reason == "You may not list deployments in the whole cluster."


async def test_a_viewer_of_one_namespace_sees_health_there(sandbox, watched):
    sandbox.put(deployed("default", "web"), deployed("other", "web"))
    sandbox.grant("viewer", verbs=["get", "list", "watch"], namespaces=["default"])
    one = watched("viewer", fallback=("default",))
    await until(lambda: one.of() == (HEALTHY, 1, 1, ""))
    assert one.of(namespace="other")[3] == "You may not list deployments, statefulsets, daemonsets and jobs in the whole cluster."


async def test_a_right_granted_meanwhile_is_found_by_a_refresh(sandbox, watched):
    sandbox.put(deployed("default", "web"))
    sandbox.grant("viewer", verbs=[])
    one = watched("viewer")
    await until(lambda: one.of()[0] is UNKNOWN and one.of()[3] != NOT_LOOKED.reason)
    sandbox.grant("viewer", verbs=["get", "list", "watch"])
    await one.watch.refresh()
    assert one.of()[0] is not UNKNOWN
    await until(lambda: one.of() == (HEALTHY, 1, 1, ""))


async def test_while_the_api_is_away_figures_stay_and_it_is_said_why_they_are_old(connect, watched):
    box = Sandbox(ready_delay_s=0.01).start()
    try:
        box.put(deployed("default", "web"))
        one = Watched(connect(box.kubeconfig)).start()
        try:
            await until(lambda: one.of() == (HEALTHY, 1, 1, ""))
            await asyncio.to_thread(box.stop)
            await until(lambda: one.of()[:3] == (UNKNOWN, 1, 1))
            assert "deployments" in one.of()[3]
            assert "cannot be read" in one.of()[3]
        finally:
            await end(one.task)
    finally:
        await asyncio.to_thread(box.stop)


async def test_cancelled_and_run_again_it_goes_on(sandbox, watched):
    sandbox.put(deployed("default", "web"))
    one = watched()
    await until(lambda: one.of() == (HEALTHY, 1, 1, ""))
    await end(one.task)
    scaled = sandbox.get("Deployment", "default", "web")
    scaled["spec"]["replicas"] = 2
    sandbox.put(scaled)
    one.start()
    await until(lambda: one.of() == (HEALTHY, 2, 2, ""))
    assert asked(sandbox, "list", "deployments") == 1, "it goes on from where it was"
