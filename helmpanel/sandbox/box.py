"""The sandbox: a cluster on loopback, in a thread of this process."""

from __future__ import annotations

import asyncio
import copy
import logging
import shutil
import socket
import ssl
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypedDict, TypeVar

import trustme
import uvicorn

from helmpanel.sandbox.controller import Controller
from helmpanel.sandbox.faults import Faults
from helmpanel.sandbox.kubeconfig import write_kubeconfig
from helmpanel.sandbox.server import Application, Record
from helmpanel.sandbox.store import Store
from helmpanel.sandbox.users import ADMIN, MASTERS, RBAC, Users

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from helmpanel.sandbox.objects import Object

T = TypeVar("T")

START_LIMIT_S = 10.0
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
        self._wanted_port = port
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._folder: Path | None = None
        self._authority: bytes = b""
        for name in _NAMESPACES:
            self.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        self._define_cluster_admin()
        for name, rights in (users or {}).items():
            self.grant(name, **rights)

    # Running.

    def start(self) -> Self:
        """Serve; back when requests are answered."""
        self._folder = Path(tempfile.mkdtemp(prefix="helmpanel-sandbox-"))
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", self._wanted_port))
        is_up = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(self._certificate(), is_up), name="helmpanel-sandbox", daemon=True)
        self._thread.start()
        if not is_up.wait(START_LIMIT_S):
            raise RuntimeError(f"the sandbox did not start within {START_LIMIT_S:.0f} s")
        return self

    def stop(self) -> None:
        """End all connections and remove the kubeconfigs. Its objects stay readable."""
        if self._thread and self._loop and self._server:
            self._server.should_exit = True
            self._thread.join()
        self._thread = self._loop = self._server = None
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

    def _certificate(self) -> ssl.SSLContext:
        authority = trustme.CA()
        self._authority = authority.cert_pem.bytes()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        return context

    def _run(self, certificate: ssl.SSLContext, is_up: threading.Event) -> None:
        asyncio.run(self._serve(certificate, is_up))

    async def _serve(self, certificate: ssl.SSLContext, is_up: threading.Event) -> None:
        application = Application(self.store, self._users, self.faults, self.requests, self.unknown)
        config = uvicorn.Config(application, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=2, http="h11", loop="asyncio")
        _quieten(logging.getLogger("uvicorn"))
        config.load()
        config.ssl = certificate
        self._loop = asyncio.get_running_loop()
        self._server = _Server(config, is_up.set, application.end)
        self._controller.start()
        try:
            await self._server.serve(sockets=[self._listening])
        finally:
            self._controller.stop()

    @property
    def _listening(self) -> socket.socket:
        if self._socket is None:
            raise RuntimeError("the sandbox is not running: start() it, or use it in a with statement")
        return self._socket

    # For clients.

    @property
    def host_port(self) -> str:
        """Where it listens, as 127.0.0.1:PORT."""
        host, port = self._listening.getsockname()
        return f"{host}:{port}"

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
        return write_kubeconfig(path, url=self.url, authority=self._authority, user=known, context=context or self._context, namespace=namespace)

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

    def _define_cluster_admin(self) -> None:
        everything = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
        metadata = {"name": "cluster-admin"}
        subjects = [{"kind": "Group", "name": MASTERS, "apiGroup": RBAC}]
        reference = {"apiGroup": RBAC, "kind": "ClusterRole", "name": "cluster-admin"}
        self.put(
            {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRole", "metadata": metadata, "rules": [everything]},
            {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRoleBinding", "metadata": metadata, "subjects": subjects, "roleRef": reference},
        )

    # For tests.

    def on_server(self, work: Callable[[], T]) -> T:
        """Do something with the store where it is safe: on the server's thread while it runs, else here."""
        if self._loop is None or threading.current_thread() is self._thread:
            return work()

        async def done() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result()

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


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it has started and when it begins to stop."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._says_started = started
        self._says_stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        self._says_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening and let connections end."""
        self._says_stopping()
        await super().shutdown(sockets)


def _quieten(logger: logging.Logger) -> None:
    """Keep a watch that is cut on purpose off the terminal; handlers of the application still hear of it."""
    if not any(isinstance(each, logging.NullHandler) for each in logger.handlers):
        logger.addHandler(logging.NullHandler())
