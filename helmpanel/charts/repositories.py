"""Helm's own repositories file and cached indexes, read for what they offer. Files only: fetching is helm's (`helm repo update`).

Places: https://helm.sh/docs/helm/helm/ and Helm's pkg/helmpath.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from helmpanel.charts.catalogue import UNREAD, Catalogue, Catalogues
from helmpanel.charts.index import IndexInvalid, read_index


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where helm keeps what it knows of repositories."""

    config: Path
    """repositories.yaml."""
    cache: Path
    """Folder of `NAME-index.yaml`."""


def places(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Places:
    """The places helm uses with this environment."""
    home = Path(environ.get("HOME") or Path.home())
    is_mac = platform == "darwin"
    config_home = home / "Library" / "Preferences" if is_mac else home / ".config"
    cache_home = home / "Library" / "Caches" if is_mac else home / ".cache"
    config = _named(environ, "HELM_CONFIG_HOME") or (_named(environ, "XDG_CONFIG_HOME") or config_home) / "helm"
    cache = _named(environ, "HELM_CACHE_HOME") or (_named(environ, "XDG_CACHE_HOME") or cache_home) / "helm"
    return Places(
        config=_named(environ, "HELM_REPOSITORY_CONFIG") or config / "repositories.yaml",
        cache=_named(environ, "HELM_REPOSITORY_CACHE") or cache / "repository",
    )


class Repositories:
    """The repositories configured in helm. Lives on the I/O thread; `catalogues` may be read from any thread."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._places = places(environ)
        self._catalogues = UNREAD
        self._known: dict[str, tuple[tuple[int, int], Catalogue]] = {}
        self._turn = asyncio.Lock()

    @property
    def catalogues(self) -> Catalogues:
        """What was last read; replaced as a whole, never changed."""
        return self._catalogues

    async def read(self) -> Catalogues:
        """What the repositories offer now; an index is parsed again only when its file changed. Never raises for what the files hold."""
        async with self._turn:
            names, problem = await asyncio.to_thread(repository_names, self._places.config)
            each = [await asyncio.to_thread(self._catalogue, name) for name in names]
            self._known = {name: known for name, known in self._known.items() if name in names}
            self._catalogues = Catalogues(each=tuple(each), problem=problem)
            return self._catalogues

    def _catalogue(self, name: str) -> Catalogue:
        path = self._places.cache / f"{name}-index.yaml"
        update = f"Run helm repo update {name}, or Refresh repositories."
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            known = self._known.get(name)
            if known is not None and known[0] == stamp:
                return known[1]
            read_at = datetime.fromtimestamp(status.st_mtime, UTC)
            found = Catalogue(name=name, charts=read_index(path.read_bytes(), name), read_at=read_at)
        except FileNotFoundError:
            return Catalogue(name=name, problem=f"The repository {name} has no index yet. {update}")
        except OSError as error:
            return Catalogue(name=name, problem=f"The index of the repository {name} cannot be read: {error.strerror}. {update}")
        except IndexInvalid as error:
            # Kept as well: a broken index of 30 MB takes as long as a sound one.
            found = Catalogue(name=name, read_at=read_at, problem=f"The index of the repository {name} is broken: {error}. {update}")
        self._known[name] = (stamp, found)
        return found


def repository_names(path: Path) -> tuple[tuple[str, ...], str]:
    """Names in a repositories file, in its order, and a sentence when it cannot be read."""
    try:
        document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    except FileNotFoundError:
        return (), ""  # nobody ran `helm repo add` yet
    except OSError as error:
        return (), f"Helm's list of repositories {path} cannot be read: {error.strerror}. Check the file."
    except (yaml.YAMLError, ValueError, RecursionError):
        return (), f"Helm's list of repositories {path} is broken: it is no valid YAML. Correct it."
    entries = document.get("repositories") if isinstance(document, dict) else None
    names = [str(entry["name"]) for entry in (entries if isinstance(entries, list) else ()) if isinstance(entry, dict) and entry.get("name")]
    # A name becomes part of a path; helm refuses slashes in it too.
    return tuple(dict.fromkeys(name for name in names if "/" not in name and os.sep not in name)), ""


def _named(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None
