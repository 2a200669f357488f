"""The sandbox: a cluster on loopback, in a thread of this process."""

import copy
import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self, TypedDict, TypeVar, Unpack

from helmpanel.sandbox import housekeeping, pods, workloads
from helmpanel.sandbox.controller import Controller
from helmpanel.sandbox.faults import Faults
from helmpanel.sandbox.objects import Object
from helmpanel.sandbox.server import Application, Record
from helmpanel.sandbox.serving import Serving
from helmpanel.sandbox.store import Store
from helmpanel.sandbox.users import ADMIN, RBAC, Users, write_kubeconfig

T = TypeVar("T")


class UserRights(TypedDict, total=False):
    """What a user of the sandbox may do."""

    verbs: Sequence[str]  # none makes a user without rights
    resources: Sequence[str]  # plurals; all when left out
    api_groups: Sequence[str]  # all when left out
    namespaces: Sequence[str] | None  # None for the whole cluster
    groups: Sequence[str]  # groups the user is in


class UnknownRequests(AssertionError):
    """Clients asked for things that the sandbox does not simulate: the test that made them ask cannot be believed."""


class Sandbox:
    """A simulated Kubernetes cluster that the real helm can work against.

    Everything lives in memory and on 127.0.0.1. Clients should get a `KUBECACHEDIR` (or HOME) of their own: client-go keeps what it discovered per
    host and port, and a port can be used again.

    Args:
        ready_delay_s: Seconds until a container is ready, and until a job's pod has finished.
        users: Users beside the admin, by name, with their rights.
        port: Port to serve on; 0 takes any free one.
        context: Name of the context in the kubeconfigs.
        bookmark_every_s: Seconds of silence after which a watch that asks for bookmarks gets one; a real server sends one about once a minute.
    """

    def __init__(
        self,
        *,
        ready_delay_s: float = 0.2,
        users: Mapping[str, UserRights] | None = None,
        port: int = 0,
        context: str = "sandbox",
        bookmark_every_s: float = 10.0,
    ) -> None:
        self.requests: list[Record] = []  # all of them, in the order they came
        self.unknown: list[Record] = []  # those that were not understood
        self.faults = Faults()
        self.store = Store()  # only the server's thread may write to it while the server runs: use `put` and `on_server`
        self._users = Users()
        self._controller = Controller(self.store, ready_delay_s, {**pods.WORKS, **workloads.WORKS, **housekeeping.WORKS})
        self._context = context
        self._port = port
        self._bookmark_every_s = bookmark_every_s
        self._serving: Serving | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        for name in ("default", "kube-system", "kube-public", "kube-node-lease"):
            self.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        for name, rights in (users or {}).items():
            self.grant(name, **rights)

    def start(self) -> Self:
        """Serve; back when requests are answered."""
        application = Application(self.store, self._users, self.faults, self.requests, self.unknown, self._bookmark_every_s)
        serving = Serving(self._port)
        self._folder = tempfile.TemporaryDirectory(prefix="helmpanel-sandbox-")
        serving.start(application, started=self._controller.start, stopping=(application.end, self._controller.stop))
        self._serving = serving
        return self

    def stop(self) -> None:
        """End all connections and remove the kubeconfigs. Its objects stay readable."""
        if self._serving and self._folder:
            self._serving.stop()
            self._folder.cleanup()
            self._serving = self._folder = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def check(self) -> None:
        """Raise UnknownRequests, naming them, when a client asked for something that is not simulated."""
        if self.unknown:
            raise UnknownRequests("the sandbox was asked for what it does not simulate: " + "; ".join(f"{each.verb} {each.request}" for each in self.unknown))

    @property
    def host_port(self) -> str:
        """Where it listens, as 127.0.0.1:PORT."""
        if self._serving is None:
            raise RuntimeError("the sandbox is not running: start() it, or use it in a with statement")
        return self._serving.host_port

    @property
    def kubeconfig(self) -> Path:
        """Kubeconfig of the admin."""
        return self.kubeconfig_for(ADMIN)

    def kubeconfig_for(self, user: str, *, context: str | None = None) -> Path:
        """A kubeconfig that makes a client this user; without a context of its own in the sandbox's."""
        known = self._users.by_name.get(user)
        if known is None or self._serving is None or self._folder is None:
            raise KeyError(f"the sandbox has no user {user!r}, or is not running: name users in Sandbox(users=...) or grant()")
        context = context or self._context
        path = Path(self._folder.name) / f"{user}.{context}.yaml"
        return write_kubeconfig(path, url=f"https://{self.host_port}", authority=self._serving.authority, user=known, context=context)

    def grant(self, user: str, **rights: Unpack[UserRights]) -> None:
        """Let someone do more, by Roles and Bindings stored in the cluster; someone new gets a token."""
        self._users.add(user, rights.get("groups", ()))
        if not rights.get("verbs"):
            return
        everything = ("*",)
        rule = {"verbs": rights["verbs"], "apiGroups": rights.get("api_groups", everything), "resources": rights.get("resources", everything)}
        namespaces = rights.get("namespaces")
        for namespace in (None,) if namespaces is None else namespaces:
            kind = "Role" if namespace else "ClusterRole"
            name = f"{user}-{len(self.store.select(self.store.resources.named(kind)))}"
            common = {"apiVersion": f"{RBAC}/v1", "metadata": {"name": name, **({"namespace": namespace} if namespace else {})}}
            subject, reference = ({"kind": each, "name": whose, "apiGroup": RBAC} for each, whose in (("User", user), (kind, name)))
            self.put({**common, "kind": kind, "rules": [rule]}, {**common, "kind": f"{kind}Binding", "subjects": [subject], "roleRef": reference})

    def renew_token(self, user: str, *, lasts_s: float = math.inf) -> None:
        """Replace a user's token, also for some seconds only: whoever holds the old one gets 401 until `kubeconfig_for` has written a kubeconfig again."""
        self.on_server(lambda: self._users.renew(user, lasts_s))

    def compact(self) -> None:
        """Forget what changed up to now: a watch that resumes from an older resourceVersion is answered 410."""
        self.on_server(self.store.compact)

    def on_server(self, work: Callable[[], T]) -> T:
        """Do something with the store where it is safe: on the server's thread while it runs, else here."""
        return self._serving.call(work) if self._serving else work()

    def put(self, *objects: Object) -> None:
        """Store objects as they are given, new or in place of old ones; their namespaces are made when missing."""
        self.on_server(lambda: [self._put(copy.deepcopy(each)) for each in objects])

    def _put(self, obj: Object) -> Object:
        resource, namespaces = self.store.resources.named(obj["kind"], obj["apiVersion"]), self.store.resources.named("Namespace")
        namespace = obj["metadata"].setdefault("namespace", "default") if resource.is_namespaced else None
        if namespace and not self.store.find(namespaces, None, namespace):
            self.store.create(namespaces, {"metadata": {"name": namespace}})
        is_there = self.store.find(resource, namespace, obj["metadata"]["name"])
        return (self.store.update if is_there else self.store.create)(resource, obj)

    def get(self, kind: str, namespace: str | None, name: str) -> Object | None:
        """A copy of a stored object; None when it is not there."""
        return copy.deepcopy(self.on_server(lambda: self.store.find(self.store.resources.named(kind), namespace, name)))
