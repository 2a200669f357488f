"""Who may talk to the server, and what stored Roles and ClusterRoles let them do."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from helmpanel.sandbox.selectors import Selector
from helmpanel.sandbox.status import unauthorized

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from helmpanel.sandbox.objects import Object
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a request wants to do, as rules are asked about it."""

    verb: str
    group: str
    plural: str
    subresource: str | None = None
    namespace: str | None = None
    name: str | None = None


class Users:
    """Everyone who has a token."""

    def __init__(self) -> None:
        self._by_name: dict[str, User] = {}
        self.add(ADMIN, (MASTERS,))

    def add(self, name: str, groups: Iterable[str] = ()) -> User:
        """Give someone a token; a user who has one keeps it."""
        known = self._by_name.get(name)
        user = User(name, tuple(groups), known.token) if known else User(name, tuple(groups))
        self._by_name[name] = user
        return user

    def named(self, name: str) -> User | None:
        """A user, or None."""
        return self._by_name.get(name)

    def identified(self, authorization: str) -> User:
        """Who sends this Authorization header.

        Raises:
            ApiError: 401, nobody has this token.
        """
        token = authorization.removeprefix("Bearer ")
        for user in self._by_name.values():
            if secrets.compare_digest(user.token.encode(), token.encode()):
                return user
        raise unauthorized()


def is_allowed(store: Store, user: User, action: Action) -> bool:
    """Whether stored bindings let a user do this."""
    return MASTERS in user.groups or any(_grants(rule, action) for rule in _rules(store, user, action.namespace))


def _rules(store: Store, user: User, namespace: str | None) -> Iterator[Object]:
    """Rules that count for a user: cluster-wide ones, and those of the namespace."""
    bindings = store.select(store.resources.named("ClusterRoleBinding"))
    if namespace:
        bindings = bindings + store.select(store.resources.named("RoleBinding"), Selector.parsed(namespace))
    for binding in bindings:
        if any(_names(subject, user) for subject in binding.get("subjects") or ()):
            reference = binding["roleRef"]
            role = store.find(store.resources.named(reference["kind"]), binding["metadata"].get("namespace"), reference["name"])
            yield from (role or {}).get("rules") or ()


def _names(subject: Object, user: User) -> bool:
    match subject["kind"]:
        case "User":
            return bool(subject["name"] == user.name)
        case "Group":
            return subject["name"] in (*user.groups, "system:authenticated")
        case _:
            return bool(user.name == f"system:serviceaccount:{subject.get('namespace')}:{subject['name']}")


def _grants(rule: Object, action: Action) -> bool:
    what = f"{action.plural}/{action.subresource}" if action.subresource else action.plural
    names = rule.get("resourceNames")
    return (
        not {action.verb, "*"}.isdisjoint(rule.get("verbs") or ())
        and not {action.group, "*"}.isdisjoint(rule.get("apiGroups") or ())
        and not {what, "*"}.isdisjoint(rule.get("resources") or ())
        and (not names or action.name in names)
    )
