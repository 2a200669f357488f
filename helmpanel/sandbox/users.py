"""Who may talk to the server, with which kubeconfig, and what stored Roles and ClusterRoles let them do."""

import base64
import math
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson

from helmpanel.sandbox.objects import Object
from helmpanel.sandbox.request import Target
from helmpanel.sandbox.selectors import Selector
from helmpanel.sandbox.status import ApiError
from helmpanel.sandbox.store import Store

RBAC = "rbac.authorization.k8s.io"
ADMIN = "admin"
# Members of this group may do everything, as on a real server.
MASTERS = "system:masters"


@dataclass(frozen=True, slots=True)
class User:
    """Someone with a token."""

    name: str
    groups: tuple[str, ...] = ()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    ends_at: float = math.inf  # of its token, on the monotonic clock


class Users:
    """Everyone who has a token."""

    def __init__(self) -> None:
        self.by_name: dict[str, User] = {}
        self.add(ADMIN, (MASTERS,))

    def add(self, name: str, groups: Iterable[str] = ()) -> User:
        """Give someone a token; a user who has one keeps it."""
        known = self.by_name.get(name)
        user = replace(known, groups=tuple(groups)) if known else User(name, tuple(groups))
        self.by_name[name] = user
        return user

    def renew(self, name: str, lasts_s: float = math.inf) -> None:
        """Give a user another token, for some time or for ever; the old one is nobody's from now on."""
        self.by_name[name] = User(name, self.by_name[name].groups, ends_at=time.monotonic() + lasts_s)

    def identified(self, authorization: str) -> User:
        """Who sends this Authorization header; a 401 when nobody has this token."""
        token = authorization.removeprefix("Bearer ")
        for user in self.by_name.values():
            if secrets.compare_digest(user.token.encode(), token.encode()) and time.monotonic() < user.ends_at:
                return user
        raise ApiError(401, "Unauthorized")


def write_kubeconfig(path: Path, *, url: str, authority: bytes, user: User, context: str) -> Path:
    """Write one cluster with the certificate authority to trust (PEM), one user and one context, readable by its owner only: it holds a token."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": context, "cluster": {"server": url, "certificate-authority-data": base64.b64encode(authority).decode()}}],
        "users": [{"name": user.name, "user": {"token": user.token}}],
        "contexts": [{"name": context, "context": {"cluster": context, "user": user.name}}],
        "current-context": context,
    }
    path.touch(mode=0o600)
    # JSON is YAML too.
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    return path


def is_allowed(store: Store, user: User, verb: str, target: Target) -> bool:
    """Whether stored bindings let a user do this."""
    # A namespace belongs to itself: a Role inside it can grant reading it.
    namespace = target.name if target.resource.kind == "Namespace" else target.namespace
    return MASTERS in user.groups or any(_grants(rule, verb, target) for rule in _rules(store, user, namespace))


def _rules(store: Store, user: User, namespace: str | None) -> Iterator[Object]:
    """Rules that count for a user: cluster-wide ones, and those of the namespace."""
    bindings = store.select(store.resources.named("ClusterRoleBinding"))
    if namespace:
        bindings = bindings + store.select(store.resources.named("RoleBinding"), Selector(namespace))
    for binding in bindings:
        if any(_is_about(subject, user) for subject in binding.get("subjects") or ()):
            reference = binding["roleRef"]
            role = store.find(store.resources.named(reference["kind"]), binding["metadata"].get("namespace"), reference["name"])
            yield from (role or {}).get("rules") or ()


def _is_about(subject: Object, user: User) -> bool:
    names = {"User": (user.name,), "Group": (*user.groups, "system:authenticated")}
    return subject["name"] in names.get(subject["kind"], ())


def _grants(rule: Object, verb: str, target: Target) -> bool:
    what = f"{target.resource.plural}/{target.subresource}" if target.subresource else target.resource.plural
    asked = {"verbs": verb, "apiGroups": target.resource.group, "resources": what}
    names = rule.get("resourceNames")
    return all(not {each, "*"}.isdisjoint(rule.get(key) or ()) for key, each in asked.items()) and (not names or target.name in names)
