"""The seam to the cluster: what reading needs of `kube.KubeApi`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

JSON = "application/json"
METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
"""Labels without payloads: a few hundred bytes a revision instead of some 50 KB."""


class Api(Protocol):
    """The part of KubeApi that reading needs; see there."""

    async def get(self, path: str, params: Mapping[str, str] | None = None, accept: str = JSON) -> bytes:
        """Body of a GET."""
        ...

    def stream(
        self, path: str, params: Mapping[str, str] | None = None, accept: str = JSON, *, silence_s: float | None = None, packed: bool = True
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Body of a GET, chunk by chunk."""
        ...
