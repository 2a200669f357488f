import pytest

from helmpanel.sandbox.status import ApiError
from helmpanel.sandbox.store import Store


@pytest.fixture
def store():
    store = Store()
    store.create(store.resources.named("Namespace"), {"metadata": {"name": "team-a"}})
    return store


def config_map(name="settings", **content):
    return {"metadata": {"name": name, "namespace": "team-a"}, "data": {"a": "1"}, **content}


@pytest.fixture
def maps(store):
    return store.resources.named("ConfigMap")


def code_of(work):
    with pytest.raises(ApiError) as refused:
        work()
    return refused.value.code, refused.value.message


def test_a_write_raises_the_version_and_tells_listeners(store, maps):
    told = []
    store.listeners.append(told.append)
    made = store.create(maps, config_map())
    changed = store.update(maps, {**made, "data": {"a": "2"}})
    store.delete(maps, "team-a", "settings")
    assert [each.kind for each in told] == ["ADDED", "MODIFIED", "DELETED"]
    assert int(changed["metadata"]["resourceVersion"]) == int(made["metadata"]["resourceVersion"]) + 1
    assert told[1].before["data"] == {"a": "1"}


def test_a_write_that_changes_nothing_makes_no_version(store, maps):
    made = store.create(maps, config_map())
    assert store.update(maps, {**made})["metadata"]["resourceVersion"] == made["metadata"]["resourceVersion"]


def test_what_exists_is_not_created_again(store, maps):
    store.create(maps, config_map())
    assert code_of(lambda: store.create(maps, config_map())) == (409, 'configmaps "settings" already exists')


def test_an_old_version_is_refused(store, maps):
    made = store.create(maps, config_map())
    store.update(maps, {**made, "data": {"a": "2"}})
    code, message = code_of(lambda: store.update(maps, {**made, "data": {"a": "3"}}))
    assert code == 409
    assert message.startswith('Operation cannot be fulfilled on configmaps "settings": the object has been modified')


def test_a_missing_namespace_is_not_found(store, maps):
    obj = config_map()
    obj["metadata"]["namespace"] = "nowhere"
    assert code_of(lambda: store.create(maps, obj)) == (404, 'namespaces "nowhere" not found')


def test_nothing_is_created_in_a_namespace_that_goes(store, maps):
    store.delete(store.resources.named("Namespace"), None, "team-a")
    code, message = code_of(lambda: store.create(maps, config_map()))
    assert code == 403
    assert "because it is being terminated" in message


def test_an_object_needs_a_name(store, maps):
    assert code_of(lambda: store.create(maps, {"metadata": {"namespace": "team-a"}}))[0] == 422


def test_a_finalizer_holds_an_object_until_it_is_taken_away(store, maps):
    made = store.create(maps, config_map(metadata={"name": "held", "namespace": "team-a", "finalizers": ["example.com/hold"]}))
    going = store.delete(maps, "team-a", "held")
    assert going["metadata"]["deletionTimestamp"]
    released = {**going, "metadata": {key: value for key, value in going["metadata"].items() if key != "finalizers"}}
    store.update(maps, released)
    assert store.find(maps, "team-a", "held") is None
    assert made["metadata"].get("deletionTimestamp") is None


def test_the_generation_counts_changes_of_the_spec(store):
    deployments = store.resources.named("Deployment")
    template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    spec = {"selector": {"matchLabels": {"app": "x"}}, "template": template}
    made = store.create(deployments, {"metadata": {"name": "d", "namespace": "team-a"}, "spec": spec})
    labelled = store.update(deployments, {**made, "metadata": {**made["metadata"], "labels": {"a": "b"}}})
    scaled = store.update(deployments, {**labelled, "spec": {**labelled["spec"], "replicas": 5}})
    reported = store.update(deployments, {**scaled, "status": {"replicas": 5}}, subresource="status")
    assert [each["metadata"]["generation"] for each in (made, labelled, scaled, reported)] == [1, 1, 2, 2]


def test_status_and_spec_are_written_apart(store):
    claims = store.resources.named("PersistentVolumeClaim")
    made = store.create(claims, {"metadata": {"name": "p", "namespace": "team-a"}, "spec": {}, "status": {"phase": "Lies"}})
    assert "status" not in made
    reported = store.update(claims, {**made, "spec": {"volumeName": "lies"}, "status": {"phase": "Bound"}}, subresource="status")
    assert (reported["status"], "volumeName" in reported["spec"]) == ({"phase": "Bound"}, False)
    assert store.update(claims, {**reported, "status": {"phase": "Lies"}})["status"] == {"phase": "Bound"}


def test_string_data_of_a_secret_becomes_data(store):
    made = store.create(store.resources.named("Secret"), {"metadata": {"name": "s", "namespace": "team-a"}, "stringData": {"k": "v"}})
    assert made["data"] == {"k": "dg=="}
    assert "stringData" not in made


def test_changes_since_a_version_are_remembered_in_order(store, maps):
    start = store.version
    made = store.create(maps, config_map())
    store.update(maps, {**made, "data": {"a": "2"}})
    assert [each.kind for each in store.changes_since(maps, start)] == ["ADDED", "MODIFIED"]
    assert store.changes_since(maps, store.version) == []


def test_a_compacted_store_knows_only_what_changes_from_then_on(store, maps):
    made = store.create(maps, config_map())
    start = store.version
    store.update(maps, {**made, "data": {"a": "2"}})
    store.compact()
    assert code_of(lambda: store.changes_since(maps, start))[0] == 410
    since = store.version
    store.delete(maps, "team-a", "settings")
    assert [each.kind for each in store.changes_since(maps, since)] == ["DELETED"]


def test_a_service_keeps_its_address(store):
    services = store.resources.named("Service")
    body = {"metadata": {"name": "web", "namespace": "team-a"}, "spec": {"ports": [{"port": 80}]}}
    made = store.create(services, body)
    again = store.update(services, {"metadata": {"name": "web", "namespace": "team-a"}, "spec": {"ports": [{"port": 81}]}})
    assert again["spec"]["clusterIP"] == made["spec"]["clusterIP"] != "None"


def test_a_custom_kind_with_a_built_in_name_is_nothing_but_custom(store):
    spec = {
        "group": "serving.example",
        "names": {"kind": "Service", "plural": "services"},
        "scope": "Namespaced",
        "versions": [{"name": "v1", "storage": True}],
    }
    store.create(store.resources.named("CustomResourceDefinition"), {"metadata": {"name": "services.serving.example"}, "spec": spec})
    made = store.create(store.resources.named("Service", "serving.example/v1"), {"metadata": {"name": "web", "namespace": "team-a"}, "spec": {"template": {}}})
    assert made["spec"] == {"template": {}}
