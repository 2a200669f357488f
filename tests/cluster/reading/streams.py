"""What tests of streams and connections ask for: the ConfigMaps of one namespace, listed and watched."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator

from helmpanel.kube.api import KubeApi
from helmpanel.kube.lines import whole_lines

MAPS = "/api/v1/namespaces/team-a/configmaps"
WATCH = {"watch": "true", "fieldSelector": "metadata.name!=kube-root-ca.crt"}


def config_map(name: str, size: int = 1) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "team-a"}, "data": {"content": name[0] * size}}


async def listed(api: KubeApi) -> str:
    """The version of what there is."""
    return str(json.loads(await api.get(MAPS, {"limit": "1"}))["metadata"]["resourceVersion"])


@contextlib.asynccontextmanager
async def watching(api: KubeApi, version: str, **options: float) -> AsyncIterator[AsyncIterator[dict]]:
    async def events(pieces: AsyncIterator[bytes]) -> AsyncIterator[dict]:
        async for line in whole_lines(pieces):
            yield json.loads(line)

    async with api.stream(MAPS, {**WATCH, "resourceVersion": version}, **options) as pieces, contextlib.aclosing(events(pieces)) as found:
        yield found
