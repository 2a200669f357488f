"""The real helm installs, upgrades, rolls back, tests and uninstalls against the sandbox as against a cluster."""

from __future__ import annotations

import json

from tests.waiting import eventually

from .conftest import CONFIG_MAP, DEFINITION, DEPLOYMENT, GADGET, HOOK, TEST_POD

WAIT = ("--wait", "--timeout", "30s")


def listed(helm, env, *flags):
    return json.loads(helm.run("list", "-A", "-o", "json", *flags, env=env).stdout)


def statuses(helm, env, name="web"):
    return [each["status"] for each in json.loads(helm.run("history", name, "-n", "team-a", "-o", "json", env=env).stdout)]


def test_a_release_lives_from_install_to_uninstall(helm, helm_home, sandbox, chart):
    path = chart(CONFIG_MAP, DEPLOYMENT, TEST_POD)
    helm.run("install", "web", path, "-n", "team-a", "--create-namespace", *WAIT, env=helm_home)
    assert sandbox.get("Deployment", "team-a", "web")["status"]["readyReplicas"] == 1
    helm.run("upgrade", "web", path, "-n", "team-a", "--set", "replicas=2,colour=red,image=web:2", *WAIT, env=helm_home)
    assert sandbox.get("Deployment", "team-a", "web")["status"]["updatedReplicas"] == 2
    assert sandbox.get("ConfigMap", "team-a", "web-settings")["data"] == {"colour": "red"}
    helm.run("rollback", "web", "1", "-n", "team-a", *WAIT, env=helm_home)
    assert sandbox.get("Deployment", "team-a", "web")["spec"]["template"]["spec"]["containers"][0]["image"] == "web:1"
    assert "Succeeded" in helm.run("test", "web", "-n", "team-a", env=helm_home).stdout
    assert statuses(helm, helm_home) == ["superseded", "superseded", "deployed"]
    helm.run("uninstall", "web", "-n", "team-a", "--wait", env=helm_home)
    assert listed(helm, helm_home) == []
    assert sandbox.get("Deployment", "team-a", "web") is None
    eventually(lambda: not pods_of(sandbox), "the pods are collected")


def pods_of(sandbox, namespace="team-a"):
    store = sandbox.store
    return [
        each["metadata"]["name"]
        for each in sandbox.on_server(lambda: store.select(store.resources.named("Pod")))
        if each["metadata"]["namespace"] == namespace and each["metadata"].get("ownerReferences")
    ]


def test_a_workload_whose_image_does_not_exist_fails_the_upgrade_and_leaves_the_old_pod(helm, helm_home, sandbox, chart):
    path = chart(DEPLOYMENT)
    helm.run("install", "web", path, "-n", "team-a", "--create-namespace", *WAIT, env=helm_home)
    old = pods_of(sandbox)
    failed = helm.run("upgrade", "web", path, "-n", "team-a", "--set", "image=does-not-exist:1", "--wait", "--timeout", "3s", env=helm_home, check=False)
    assert failed.returncode == 1
    assert "context deadline exceeded" in failed.stderr
    assert statuses(helm, helm_home) == ["deployed", "failed"]
    assert set(old) < set(pods_of(sandbox))


def test_rolling_back_on_failure_brings_the_old_version_back(helm, helm_home, sandbox, chart):
    # A hook fails at once. A wait that gives up would have to be short, and the rollback would have no more time than that.
    path = chart(DEPLOYMENT, HOOK.replace("pre-install", "post-upgrade"))
    helm.run("install", "web", path, "-n", "team-a", "--create-namespace", *WAIT, env=helm_home)
    flag = "--atomic" if helm.major == 3 else "--rollback-on-failure"
    failed = helm.run("upgrade", "web", path, "-n", "team-a", "--set", "image=web:2,code=1", flag, *WAIT, env=helm_home, check=False)
    assert (failed.returncode, "post-upgrade" in failed.stderr) == (1, True)
    assert statuses(helm, helm_home) == ["superseded", "failed", "deployed"]
    assert sandbox.get("Deployment", "team-a", "web")["spec"]["template"]["spec"]["containers"][0]["image"] == "web:1"


def test_a_hook_runs_to_its_end_before_the_release_is_installed(helm, helm_home, sandbox, chart):
    helm.run("install", "web", chart(HOOK, CONFIG_MAP), "-n", "team-a", "--create-namespace", "--timeout", "30s", env=helm_home)
    assert sandbox.get("Job", "team-a", "web-migrate")["status"]["succeeded"] == 1


def test_a_failing_hook_fails_the_install(helm, helm_home, sandbox, chart):
    path = chart(HOOK, CONFIG_MAP)
    failed = helm.run("install", "web", path, "-n", "team-a", "--create-namespace", "--set", "code=1", "--timeout", "30s", env=helm_home, check=False)
    assert failed.returncode == 1
    assert "pre-install" in failed.stderr
    assert sandbox.get("ConfigMap", "team-a", "web-settings") is None


def test_a_failing_test_fails(helm, helm_home, sandbox, chart):
    helm.run("install", "web", chart(TEST_POD, CONFIG_MAP), "-n", "team-a", "--create-namespace", "--set", "code=1", env=helm_home)
    assert helm.run("test", "web", "-n", "team-a", env=helm_home, check=False).returncode == 1


def test_a_chart_brings_its_own_kinds(helm, helm_home, sandbox, chart):
    path = chart(GADGET, crds=DEFINITION)
    helm.run("install", "web", path, "-n", "team-a", "--create-namespace", env=helm_home)
    helm.run("upgrade", "web", path, "-n", "team-a", "--set", "size=2", env=helm_home)
    assert sandbox.get("Gadget", "team-a", "web")["spec"] == {"size": 2, "parts": ["a", "b"]}
    helm.run("uninstall", "web", "-n", "team-a", env=helm_home)
    assert sandbox.get("Gadget", "team-a", "web") is None
    assert sandbox.get("CustomResourceDefinition", None, "gadgets.example.com"), "helm leaves definitions behind"


def test_a_field_that_does_not_exist_is_refused_by_the_server(helm, helm_home, sandbox, chart):
    path = chart(CONFIG_MAP.replace("\ndata:", "\ndatum:"))
    failed = helm.run("install", "web", path, "-n", "team-a", "--create-namespace", env=helm_home, check=False)
    # Helm 3 asks for no strictness: the field is dropped, with a warning.
    said = 'unknown field \\"datum\\"' if helm.major == 3 else ".datum: field not declared in schema"
    assert (failed.returncode, said in failed.stderr) == (helm.major - 3, True)


def test_a_selector_that_changes_is_refused(helm, helm_home, sandbox, chart):
    helm.run("install", "web", chart(DEPLOYMENT), "-n", "team-a", "--create-namespace", env=helm_home)
    other = chart(DEPLOYMENT.replace('{app: "{{ .Release.Name }}"}', "{app: other}"), name="other")
    failed = helm.run("upgrade", "web", other, "-n", "team-a", env=helm_home, check=False)
    assert 'spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable' in failed.stderr


def test_what_another_changed_conflicts_with_server_side_apply(helm4_binary, helm_home, sandbox, chart, client):
    path = chart(DEPLOYMENT)
    helm4_binary.run("install", "web", path, "-n", "team-a", "--create-namespace", env=helm_home)
    scaled = client.ask(
        "PATCH",
        "/apis/apps/v1/namespaces/team-a/deployments/web/scale?fieldManager=kubectl",
        {"spec": {"replicas": 4}},
        content_type="application/merge-patch+json",
    )
    assert scaled[1]["spec"] == {"replicas": 4}
    failed = helm4_binary.run("upgrade", "web", path, "-n", "team-a", env=helm_home, check=False)
    assert 'conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas' in failed.stderr
    helm4_binary.run("upgrade", "web", path, "-n", "team-a", "--force-conflicts", env=helm_home)
    assert sandbox.get("Deployment", "team-a", "web")["spec"]["replicas"] == 1


def test_helm_4_upgrades_what_helm_3_installed(helm3_binary, helm4_binary, helm_home, sandbox, chart):
    path = chart(DEPLOYMENT, CONFIG_MAP)
    helm3_binary.run("install", "web", path, "-n", "team-a", "--create-namespace", env=helm_home)
    helm4_binary.run("upgrade", "web", path, "-n", "team-a", "--set", "colour=blue", *WAIT, env=helm_home)
    helm4_binary.run("upgrade", "web", path, "-n", "team-a", "--set", "colour=red", "--server-side=true", *WAIT, env=helm_home)
    assert sandbox.get("ConfigMap", "team-a", "web-settings")["data"] == {"colour": "red"}
