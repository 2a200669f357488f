"""An API server in memory that keeps Helm's records: lists, metadata lists, watches with bookmarks, and whatever a test wants to go wrong."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gzip
import json
from collections.abc import Callable

from helmpanel.errors import Expired, Forbidden, NotFound, Unreachable


def payload(namespace, name, revision, status, *, chart="nginx", version="1.0.0", app_version="2", description="Done", updated="2026-05-05T12:00:00Z"):
    """The value of a Secret's `release` key."""
    release = {
        "name": name,
        "info": {"last_deployed": updated, "description": description, "status": status},
        "chart": {"metadata": {"name": chart, "version": version, "appVersion": app_version}},
        "manifest": "",
        "version": revision,
        "namespace": namespace,
    }
    return base64.b64encode(base64.b64encode(gzip.compress(json.dumps(release, separators=(",", ":")).encode(), 1))).decode()


def secret(namespace="a", name="web", revision=1, status="deployed", *, object_name=None, **told):
    """A Secret as helm stores it."""
    return {
        "metadata": {
            "name": object_name or f"sh.helm.release.v1.{name}.v{revision}",
            "namespace": namespace,
            "labels": {"owner": "helm", "name": name, "status": status, "version": str(revision), "modifiedAt": "1777982400"},
        },
        "data": {"release": payload(namespace, name, revision, status, **told)},
    }


class FakeApi:
    """Like kube.KubeApi. `asked` remembers (what, path, selector) of each request; `trouble` may raise for one, or say how long to wait."""

    def __init__(self, *objects):
        self.version = 100
        self.oldest = 0
        self.objects = {}
        self.history = []
        self.asked = []
        self.trouble: Callable[[str, str, dict], object] = lambda what, path, params: None
        self._watches: set[asyncio.Queue] = set()
        for one in objects:
            self.put(one)

    # The cluster

    def put(self, obj):
        """Store an object; the version it got."""
        key = (obj["metadata"]["namespace"], obj["metadata"]["name"])
        before = self.objects.get(key)
        self.version += 1
        now = json.loads(json.dumps(obj))
        now["metadata"]["resourceVersion"] = str(self.version)
        self.objects[key] = now
        self._tell(before, now)
        return self.version

    def delete(self, namespace, object_name):
        """Take an object away."""
        before = self.objects.pop((namespace, object_name))
        self.version += 1
        gone = {**before, "metadata": {**before["metadata"], "resourceVersion": str(self.version)}}
        self._tell(before, None, gone)

    def compact(self):
        """Forget what changed: a watch from before now is too old."""
        self.oldest = self.version + 1

    def cut(self, fault=None):
        """Break every watch off."""
        for queue in self._watches:
            queue.put_nowait(fault or Unreachable("The connection broke off."))

    def end(self):
        """End every watch as servers do."""
        for queue in self._watches:
            queue.put_nowait(None)

    def bookmark(self):
        """Tell every watch how far it is."""
        for queue in self._watches:
            queue.put_nowait(("BOOKMARK", {"metadata": {"resourceVersion": str(self.version)}}))

    def say(self, line):
        """Send something else down every watch."""
        for queue in self._watches:
            queue.put_nowait(line)

    @property
    def watches(self):
        """Watches that are open."""
        return len(self._watches)

    def requests(self, what):
        """Selectors of the requests of one sort, in order."""
        return [selector for kind, _, selector in self.asked if kind == what]

    def _tell(self, before, now, gone=None):
        self.history.append((self.version, before, now, gone))
        for queue in self._watches:
            queue.put_nowait((self.version, before, now, gone))

    # What KubeApi does

    async def get(self, path, params=None, accept="application/json"):
        parts = path.strip("/").split("/")
        if parts[-2:-1] == ["namespaces"] or parts[-2:-1] == ["secrets"]:
            await self._meet("get", path, {})
            if parts[-2] == "namespaces":
                return b"{}"
            found = self.objects.get((parts[3], parts[5]))
            if found is None:
                raise NotFound(f"no {path}")
            return json.dumps(found).encode()
        what = "metadata" if "PartialObjectMetadata" in accept else "list"
        await self._meet(what, path, params or {})
        return self._listing(path, params or {}, is_metadata=what == "metadata")

    @contextlib.asynccontextmanager
    async def stream(self, path, params=None, accept="application/json", *, silence_s=None, packed=True):
        params = dict(params or {})
        if "watch" not in params:
            is_metadata = "PartialObjectMetadata" in accept
            await self._meet("old" if is_metadata else "stream", path, params)
            body = self._listing(path, params, is_metadata=is_metadata)

            async def chunks():
                for start in range(0, len(body), 1000):
                    yield body[start : start + 1000]
                    await asyncio.sleep(0)

            yield chunks()
            return
        await self._meet("watch", path, params)
        since = int(params["resourceVersion"])
        if since < self.oldest - 1:
            raise Expired("too old")
        queue = asyncio.Queue()
        for change in self.history:
            if change[0] > since:
                queue.put_nowait(change)
        self._watches.add(queue)

        async def lines():
            while (news := await queue.get()) is not None:
                if isinstance(news, Exception):
                    raise news
                if isinstance(news, bytes):
                    yield news
                elif news[0] == "BOOKMARK":
                    yield json.dumps({"type": "BOOKMARK", "object": news[1]}).encode() + b"\n"
                elif event := _event(news, path, params["labelSelector"]):
                    yield json.dumps(event).encode() + b"\n"

        try:
            yield lines()
        finally:
            self._watches.discard(queue)

    async def _meet(self, what, path, params):
        self.asked.append((what, path, params.get("labelSelector", "")))
        met = self.trouble(what, path, params)
        if asyncio.iscoroutine(met):
            met = await met
        await asyncio.sleep(0)
        if isinstance(met, Exception):
            raise met

    def _listing(self, path, params, *, is_metadata):
        items = [one for one in self.objects.values() if _is_in(one, path, params.get("labelSelector", ""))]
        if "fieldSelector" in params:
            items = [one for one in items if params["fieldSelector"] == f"metadata.name={one['metadata']['name']}"]
        if is_metadata:
            items = [{"metadata": one["metadata"]} for one in items]
        return json.dumps({"kind": "List", "metadata": {"resourceVersion": str(self.version)}, "items": items}).encode()


def _is_in(obj, path, selector):
    parts = path.strip("/").split("/")
    if "namespaces" in parts and obj["metadata"]["namespace"] != parts[parts.index("namespaces") + 1]:
        return False
    labels = obj["metadata"].get("labels") or {}
    for term in filter(None, selector.split(",")):
        name, _, value = term.replace("!=", "=!").partition("=")
        if value.startswith("!"):
            if labels.get(name) == value[1:]:
                return False
        elif labels.get(name) != value:
            return False
    return True


def _event(change, path, selector):
    _, before, now, gone = change
    was_in, is_in = before is not None and _is_in(before, path, selector), now is not None and _is_in(now, path, selector)
    if is_in:
        return {"type": "MODIFIED" if was_in else "ADDED", "object": {"metadata": now["metadata"]}}
    return {"type": "DELETED", "object": {"metadata": (gone or now)["metadata"]}} if was_in else None


def forbidden(what="list", resource="secrets", namespace=None):
    """A refusal."""
    where = f"namespace {namespace}" if namespace else "the whole cluster"
    return Forbidden(f"You may not {what} {resource} in {where}.", verb=what, resource=resource, namespace=namespace)
