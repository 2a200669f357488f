"""What is seeded without helm is all that the real helm needs to work on afterwards."""

from __future__ import annotations

import json
import time

from helmpanel.sandbox.demo import Demo, releases
from helmpanel.sandbox.selectors import Selector
from tests.conftest import Helm
from tests.waiting import eventually


def listed(helm: Helm, env: dict[str, str]) -> dict[tuple[str, str], dict[str, str]]:
    flags = ("--deployed", "--failed", "--pending", "--superseded", "--uninstalled", "--uninstalling")
    rows = json.loads(helm.run("list", "-A", "--max", "0", *flags, "-o", "json", env=env).stdout)
    return {(row["namespace"], row["name"]): row for row in rows}


def test_helm_lists_every_release_as_the_catalogue_has_it(helm: Helm, helm_home: dict[str, str], demo: Demo):
    rows = listed(helm, helm_home)
    for release in releases():
        row = rows[release.namespace, release.name]
        assert (row["revision"], row["status"], row["chart"]) == (str(release.revision), release.status, f"{release.chart}-{release.version}")
    assert len(rows) == len(releases()) == demo.size


def test_values_manifest_and_notes_are_helms_to_read(helm: Helm, helm_home: dict[str, str], demo: Demo):
    where = ("jupyterhub", "-n", "analytics")
    values = json.loads(helm.run("get", "values", *where, "-o", "json", env=helm_home).stdout)
    assert values["hub"] == {"replicas": 2}
    computed = json.loads(helm.run("get", "values", *where, "--all", "-o", "json", env=helm_home).stdout)
    assert computed["hub"]["replicas"] == 2
    assert computed["service"] == {"type": "ClusterIP"}
    assert "name: jupyterhub-hub" in helm.run("get", "manifest", *where, env=helm_home).stdout
    assert "jupyterhub 5.2.1 runs in analytics" in helm.run("get", "notes", *where, env=helm_home).stdout
    assert len(json.loads(helm.run("history", *where, "-o", "json", env=helm_home).stdout)) == 10


def test_a_release_is_upgraded_rolled_back_and_uninstalled(helm: Helm, helm_home: dict[str, str], demo: Demo):
    """With a stateful workload, a hook and a kept claim, waited for each time."""
    where = ("harbor", "-n", "identity", "--wait", "--timeout", "60s")
    helm.run("upgrade", where[0], "infrastructure/harbor", "--version", "1.17.0", "--reuse-values", "--set", "core.replicas=3", *where[1:], env=helm_home)
    assert demo.box.get("Deployment", "identity", "harbor-core")["status"]["readyReplicas"] == 3
    assert listed(helm, helm_home)["identity", "harbor"]["chart"] == "harbor-1.17.0"
    helm.run("rollback", where[0], "4", *where[1:], env=helm_home)
    assert demo.box.get("Deployment", "identity", "harbor-core")["spec"]["replicas"] == 2
    helm.run("uninstall", where[0], *where[1:], env=helm_home)
    assert ("identity", "harbor") not in listed(helm, helm_home)
    assert demo.box.get("Deployment", "identity", "harbor-core") is None
    assert demo.box.get("PersistentVolumeClaim", "identity", "harbor-shared"), "kept by its resource policy"


def test_what_was_there_before_is_ready_at_once_and_what_comes_after_takes_its_time():
    """A cluster is years old when somebody first looks; one release of the demo names an image that does not exist."""

    def ready(name: str) -> int:
        return demo.box.get("Deployment", "ml", name)["status"].get("readyReplicas", 0)

    with Demo(ready_delay_s=3600) as demo:
        eventually(lambda: ready("kserve-controller-manager") == 2)
        eventually(lambda: demo.box.get("StatefulSet", "analytics", "clickhouse-server")["status"].get("readyReplicas") == 2)
        pods = demo.box.on_server(lambda: demo.box.store.select(demo.box.store.resources.named("Pod"), Selector("ml")))
        [reason, *others] = {
            pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"] for pod in pods if pod["metadata"]["name"].startswith("feast-")
        }
        assert (reason, others) == ("ImagePullBackOff", [])
        late = demo.box.get("Deployment", "ml", "kserve-controller-manager")
        demo.box.put({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "late", "namespace": "ml"}, "spec": late["spec"]})
        eventually(lambda: demo.box.get("Deployment", "ml", "late")["status"].get("replicas") == 2)
        assert ready("late") == 0


def test_an_upgrade_in_the_demo_shows_its_progress(helm4_binary: Helm, helm_home: dict[str, str], demo: Demo):
    """airflow's pods take their time, so that there is something to see."""
    begun = time.monotonic()
    helm4_binary.run("upgrade", "airflow", "data-platform/airflow", "--version", "1.16.0", "--reuse-values", "-n", "data-platform", "--wait", env=helm_home)
    assert time.monotonic() - begun > 10


def test_the_upgrade_of_superset_fails_in_its_migration(helm: Helm, helm_home: dict[str, str], demo: Demo):
    done = helm.run(
        "upgrade",
        "superset",
        "data-platform/superset",
        "--version",
        "0.15.0",
        "--reuse-values",
        "-n",
        "analytics",
        "--timeout",
        "30s",
        env=helm_home,
        check=False,
    )
    assert done.returncode == 1
    assert "pre-upgrade hooks failed" in done.stderr
    assert "timed out" not in done.stderr, "it fails at once, not when the time is over"
    assert "deadline" not in done.stderr
    assert listed(helm, helm_home)["analytics", "superset"]["status"] == "failed"


def test_a_stuck_release_refuses_an_upgrade_and_is_freed_by_a_rollback(helm: Helm, helm_home: dict[str, str], demo: Demo):
    where = ("-n", "platform-system")
    refused = helm.run("upgrade", "external-dns", "infrastructure/external-dns", *where, env=helm_home, check=False)
    assert "another operation" in refused.stderr
    helm.run("rollback", "external-dns", "3", *where, env=helm_home)
    assert listed(helm, helm_home)["platform-system", "external-dns"]["status"] == "deployed"


def test_nothing_is_left_behind(helm_home: dict[str, str]):
    with Demo() as demo:
        home = demo.home
        assert (home / "config" / "repositories.yaml").exists()
    assert not home.exists()
