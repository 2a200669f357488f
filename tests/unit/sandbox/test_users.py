import pytest

from helmpanel.sandbox.request import Target
from helmpanel.sandbox.resources import Resource
from helmpanel.sandbox.status import ApiError
from helmpanel.sandbox.store import Store
from helmpanel.sandbox.users import ADMIN, User, Users, is_allowed

READ_SECRETS = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]}


@pytest.fixture
def store():
    store = Store()
    store.create(store.resources.named("Namespace"), {"metadata": {"name": "team-a"}})
    return store


def bind(store, *, rules, subject, namespace=None, role_kind=None):
    prefix = "" if namespace else "Cluster"
    role_kind = role_kind or f"{prefix}Role"
    metadata = {"name": "given", **({"namespace": namespace} if namespace else {})}
    role_metadata = metadata if role_kind == "Role" else {"name": "given"}
    store.create(store.resources.named(role_kind), {"metadata": role_metadata, "rules": rules})
    store.create(store.resources.named(f"{prefix}RoleBinding"), {"metadata": metadata, "subjects": [subject], "roleRef": {"kind": role_kind, "name": "given"}})


def reading(namespace=None, verb="list", name=None, group="", plural="secrets", subresource=None):
    resource = Resource(group=group, version="v1", plural=plural, kind="Any", is_namespaced=True)
    return verb, Target(resource, namespace, name, subresource)


ALICE = User("alice", ("viewers",))
TO_ALICE = {"kind": "User", "name": "alice"}


def test_without_a_binding_nothing_is_allowed(store):
    assert not is_allowed(store, ALICE, *reading("team-a"))


def test_masters_may_do_everything(store):
    assert is_allowed(store, User("root", ("system:masters",)), *reading(verb="delete"))


@pytest.mark.parametrize("subject", [TO_ALICE, {"kind": "Group", "name": "viewers"}, {"kind": "Group", "name": "system:authenticated"}])
def test_a_role_counts_in_its_namespace_only(store, subject):
    bind(store, rules=[READ_SECRETS], subject=subject, namespace="team-a")
    assert is_allowed(store, ALICE, *reading("team-a"))
    assert not is_allowed(store, ALICE, *reading("team-b"))
    assert not is_allowed(store, ALICE, *reading(None))


def test_a_cluster_role_bound_in_a_namespace_counts_there(store):
    bind(store, rules=[READ_SECRETS], subject=TO_ALICE, namespace="team-a", role_kind="ClusterRole")
    assert is_allowed(store, ALICE, *reading("team-a"))
    assert not is_allowed(store, ALICE, *reading("team-b"))


def test_a_cluster_binding_counts_everywhere(store):
    bind(store, rules=[READ_SECRETS], subject=TO_ALICE)
    assert is_allowed(store, ALICE, *reading("team-a"))
    assert is_allowed(store, ALICE, *reading(None))


@pytest.mark.parametrize(
    "action", [reading("team-a", verb="delete"), reading("team-a", group="apps"), reading("team-a", plural="pods"), reading("team-a", subresource="status")]
)
def test_a_rule_is_about_its_verbs_groups_resources_and_parts(store, action):
    bind(store, rules=[READ_SECRETS], subject=TO_ALICE)
    assert not is_allowed(store, ALICE, *action)


def test_a_rule_with_names_is_about_them_only(store):
    bind(store, rules=[{**READ_SECRETS, "resourceNames": ["mine"]}], subject=TO_ALICE)
    assert is_allowed(store, ALICE, *reading("team-a", verb="get", name="mine"))
    assert not is_allowed(store, ALICE, *reading("team-a", verb="get", name="other"))


def test_another_user_gets_nothing(store):
    bind(store, rules=[READ_SECRETS], subject=TO_ALICE)
    assert not is_allowed(store, User("mallory"), *reading("team-a"))


def test_a_token_is_its_user_and_any_other_is_nobody():
    users = Users()
    alice = users.add("alice")
    assert users.identified(f"Bearer {alice.token}") == alice
    assert users.add("alice", ("viewers",)).token == alice.token
    for wrong in ("", "Bearer ", "Bearer nonsense", f"Basic {alice.token}x"):
        with pytest.raises(ApiError) as refused:
            users.identified(wrong)
        assert refused.value.code == 401


def test_a_renewed_token_is_another_and_the_old_one_is_nobodys():
    users = Users()
    old = users.add("alice", ("viewers",)).token
    users.renew("alice")
    new = users.by_name["alice"]
    assert (new.groups, users.identified(f"Bearer {new.token}")) == (("viewers",), new)
    with pytest.raises(ApiError):
        users.identified(f"Bearer {old}")


def test_a_token_whose_time_is_over_is_nobodys():
    users = Users()
    users.renew(ADMIN, lasts_s=30)
    assert users.identified(f"Bearer {users.by_name[ADMIN].token}").name == ADMIN
    users.renew(ADMIN, lasts_s=0)
    with pytest.raises(ApiError):
        users.identified(f"Bearer {users.by_name[ADMIN].token}")
