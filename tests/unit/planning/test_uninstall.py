"""What an uninstall takes and leaves is told before it is confirmed."""

import pytest

from helmpanel.helm.argv import Target
from helmpanel.model.keys import ReleaseKey
from helmpanel.planning import uninstall
from helmpanel.planning.uninstall import plan_uninstall, uninstall_preview

MANIFEST = """
---
# Source: web/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
---
# Source: web/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: web-tls
  annotations:
    helm.sh/resource-policy: " Keep"
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  replicas: 2
  volumeClaimTemplates:
  - metadata:
      name: data
---
apiVersion: v1
kind: Service
metadata:
  name: metrics
  namespace: monitoring
"""


def groups(found):
    return {(group.kind, group.reason): group.names for group in found}


def preview(manifest=MANIFEST, **kwargs):
    return uninstall_preview(manifest, namespace="team-a", revisions=4, **kwargs)


def test_objects_go_by_kind_and_those_of_other_namespaces_say_so():
    assert groups(preview().goes) == {("Service", ""): ("monitoring/metrics", "web"), ("StatefulSet", ""): ("db",)}


def test_kept_objects_volumes_and_the_namespace_stay_with_their_reason():
    assert groups(preview().stays) == {
        ("Secret", uninstall.KEPT): ("web-tls",),
        ("PersistentVolumeClaim", uninstall.VOLUME): ("data-db-0", "data-db-1"),
        ("Namespace", uninstall.NAMESPACE): ("team-a",),
    }


def test_volumes_that_their_set_deletes_go():
    found = preview(MANIFEST.replace("  replicas: 2", "  replicas: 1\n  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}"))
    assert groups(found.goes)["PersistentVolumeClaim", ""] == ("data-db-0",)
    assert ("PersistentVolumeClaim", uninstall.VOLUME) not in groups(found.stays)


def test_custom_resource_definitions_of_the_crds_folder_stay():
    found = preview(
        crds=["kind: CustomResourceDefinition\nmetadata: {name: a.example.com}\n---\nkind: CustomResourceDefinition\nmetadata: {name: b.example.com}"]
    )
    assert groups(found.stays)["CustomResourceDefinition", uninstall.CRD] == ("a.example.com", "b.example.com")


def test_hook_objects_stay_unless_their_policy_deletes_them():
    hook = "kind: Job\nmetadata:\n  name: migrate\n  annotations: {helm.sh/hook: pre-upgrade"
    found = preview(hooks=[hook + "}", hook.replace("migrate", "seed") + ', helm.sh/hook-delete-policy: "before-hook-creation,hook-succeeded"}'])
    assert groups(found.stays)["Job", uninstall.HOOK] == ("migrate",)


def test_namespace_of_the_manifest_goes_with_the_release():
    found = preview("kind: Namespace\nmetadata: {name: team-a}\n")
    assert ("Namespace", uninstall.NAMESPACE) not in groups(found.stays)
    assert groups(found.goes)["Namespace", ""] == ("team-a",)


def test_document_that_is_no_yaml_is_counted_and_hides_no_other():
    found = preview("# Source: web/templates/bad.yaml\na: b: c\n---\nkind: Service\nmetadata: {name: web}\n")
    assert groups(found.goes) == {(uninstall.UNREADABLE, ""): ("web/templates/bad.yaml",), ("Service", ""): ("web",)}


@pytest.mark.parametrize(
    "manifest", ["", "---\n", "- a\n- b\n", "kind: Service\n", "kind: StatefulSet\nspec: {volumeClaimTemplates: [3, {}]}\n", "a: " + "[" * 9_999]
)
def test_misshapen_manifest_breaks_nothing(manifest):
    assert groups(preview(manifest).stays)["Namespace", uninstall.NAMESPACE] == ("team-a",)


def test_items_of_a_list_are_objects_of_their_own():
    found = preview("kind: ConfigMapList\nitems:\n- {kind: ConfigMap, metadata: {name: a}}\n- {kind: ConfigMap, metadata: {name: b}}\n")
    assert groups(found.goes) == {("ConfigMap", ""): ("a", "b")}


@pytest.mark.parametrize(
    ("keep_history", "wait", "sentence"),
    [
        (False, False, "Uninstalls web from team-a and removes its history."),
        (True, True, "Uninstalls web from team-a and keeps its history, waits up to 5 min."),
    ],
)
def test_sentence_says_what_happens_to_the_history(keep_history, wait, sentence):
    made = plan_uninstall(
        ReleaseKey("prod", "team-a", "web"), revision=4, keep_history=keep_history, wait=wait, timeout_s=300, target=Target(context="prod"), major=4
    )
    assert made.sentence == sentence
    assert ("--keep-history" in made.argv) is keep_history
