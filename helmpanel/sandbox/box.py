"""The sandbox: a cluster on loopback, in a thread of this process."""

from __future__ import annotations

import copy
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypedDict, TypeVar

from helmpanel.sandbox.controller import Controller
from helmpanel.sandbox.faults import Faults
from helmpanel.sandbox.kubeconfig import write_kubeconfig
from helmpanel.sandbox.server import Application, Record
from helmpanel.sandbox.serving import Serving
from helmpanel.sandbox.store import Store
from helmpanel.sandbox.users import ADMIN, RBAC, Users

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from helmpanel.sandbox.objects import Object

T = TypeVar("T")

_NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")
EVERYTHING = ("*",)


class UserRights(TypedDict, total=False):
    """What a user of the sandbox may do; see Sandbox.grant."""

    groups: Sequence[str]
    verbs: Sequence[str]
    resources: Sequence[str]
    api_groups: Sequence[str]
    namespaces: Sequence[str] | None


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

    Attributes:
        requests: Log of all requests, in the order they came.
        unknown: Those of them that were not understood.
        faults: Trouble on purpose.
        store: The objects. Only the server's thread may write to it while the server runs: use `put` and `on_server`.
    """

    def __init__(self, *, ready_delay_s: float = 0.2, users: Mapping[str, UserRights] | None = None, port: int = 0, context: str = "sandbox") -> None:
        self.requests: list[Record] = []
        self.unknown: list[Record] = []
        self.faults = Faults()
        self.store = Store()
        self._users = Users()
        self._controller = Controller(self.store, ready_delay_s)
        self._context = context
        self._port = port
        self._serving: Serving | None = None
        self._folder: Path | None = None
        for name in _NAMESPACES:
            self.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        for name, rights in (users or {}).items():
            self.grant(name, **rights)

    # Running.

    def start(self) -> Self:
        """Serve; back when requests are answered."""
        application = Application(self.store, self._users, self.faults, self.requests, self.unknown)
        serving = Serving(self._port)
        self._folder = Path(tempfile.mkdtemp(prefix="helmpanel-sandbox-"))

        def stopping() -> None:
            application.end()
            self._controller.stop()

        serving.start(application, self._controller.start, stopping)
        self._serving = serving
        return self

    def stop(self) -> None:
        """End all connections and remove the kubeconfigs. Its objects stay readable."""
        if self._serving:
            self._serving.stop()
            self._serving = None
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        """Stop."""
        self.stop()

    def check(self) -> None:
        """Fail when a client asked for something that is not simulated.

        Raises:
            UnknownRequests: It names them.
        """
        if self.unknown:
            raise UnknownRequests("the sandbox was asked for what it does not simulate: " + "; ".join(f"{each.verb} {each.request}" for each in self.unknown))

    @property
    def _running(self) -> Serving:
        if self._serving is None:
            raise RuntimeError("the sandbox is not running: start() it, or use it in a with statement")
        return self._serving

    # For clients.

    @property
    def host_port(self) -> str:
        """Where it listens, as 127.0.0.1:PORT."""
        return self._running.host_port

    @property
    def url(self) -> str:
        """Where it listens, as a URL."""
        return f"https://{self.host_port}"

    @property
    def kubeconfig(self) -> Path:
        """Kubeconfig of the admin."""
        return self.kubeconfig_for(ADMIN)

    def kubeconfig_for(self, user: str, *, namespace: str | None = None, context: str | None = None) -> Path:
        """A kubeconfig that makes a client this user.

        Args:
            user: Someone given to the constructor or to `grant`.
            namespace: Namespace of its context; None leaves it out.
            context: Name of its context; None takes the sandbox's.

        Raises:
            KeyError: Nobody has this name.
        """
        known = self._users.named(user)
        if known is None or self._folder is None:
            raise KeyError(f"the sandbox has no user {user!r}, or is not running: name users in Sandbox(users=...) or grant()")
        path = self._folder / f"{user}.{context or self._context}.{namespace or ''}.yaml"
        return write_kubeconfig(path, url=self.url, authority=self._running.authority, user=known, context=context or self._context, namespace=namespace)

    def grant(
        self,
        user: str,
        *,
        verbs: Sequence[str] = (),
        resources: Sequence[str] = EVERYTHING,
        api_groups: Sequence[str] = EVERYTHING,
        namespaces: Sequence[str] | None = None,
        groups: Sequence[str] = (),
    ) -> None:
        """Let someone do more, by Roles and Bindings stored in the cluster.

        Args:
            user: Name; someone new gets a token.
            verbs: What may be done; none makes a user without rights.
            resources: Plurals to do it with.
            namespaces: Where; None for the whole cluster.
            groups: Groups the user is in.
        """
        self._users.add(user, groups)
        if not verbs:
            return
        rule = {"verbs": list(verbs), "apiGroups": list(api_groups), "resources": list(resources)}
        subjects = [{"kind": "User", "name": user, "apiGroup": RBAC}]
        for namespace in namespaces if namespaces is not None else [None]:
            prefix, place = ("", {"namespace": namespace}) if namespace else ("Cluster", {})
            metadata = {"name": f"{user}-{len(self.store.select(self.store.resources.named(f'{prefix}Role')))}", **place}
            self.put(
                {"apiVersion": f"{RBAC}/v1", "kind": f"{prefix}Role", "metadata": metadata, "rules": [rule]},
                {
                    "apiVersion": f"{RBAC}/v1",
                    "kind": f"{prefix}RoleBinding",
                    "metadata": metadata,
                    "subjects": subjects,
                    "roleRef": {"apiGroup": RBAC, "kind": f"{prefix}Role", "name": metadata["name"]},
                },
            )

    # For tests.

    def on_server(self, work: Callable[[], T]) -> T:
        """Do something with the store where it is safe: on the server's thread while it runs, else here."""
        return self._serving.call(work) if self._serving else work()

    def put(self, *objects: Object) -> None:
        """Store objects as they are given, new or in place of old ones; their namespaces are made when missing."""

        def put_all() -> None:
            for each in objects:
                self._put(copy.deepcopy(each))

        self.on_server(put_all)

    def _put(self, obj: Object) -> None:
        resource = self.store.resources.named(obj["kind"], obj["apiVersion"])
        metadata = obj["metadata"]
        namespace = metadata.setdefault("namespace", "default") if resource.is_namespaced else None
        namespaces = self.store.resources.named("Namespace")
        if namespace and not self.store.find(namespaces, None, namespace):
            self.store.create(namespaces, {"metadata": {"name": namespace}})
        if self.store.find(resource, namespace, metadata["name"]):
            self.store.update(resource, obj)
        else:
            self.store.create(resource, obj)

    def get(self, kind: str, namespace: str | None, name: str) -> Object | None:
        """A copy of a stored object; None when it is not there."""
        return copy.deepcopy(self.on_server(lambda: self.store.find(self.store.resources.named(kind), namespace, name)))
