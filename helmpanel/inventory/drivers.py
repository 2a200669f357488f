"""Where helm stores its releases, and what that means for reading them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helmpanel.errors import SettingsInvalid

DRIVERS = ("secret", "configmap", "sql", "memory")


@dataclass(frozen=True, slots=True)
class Driver:
    """One of helm's ways to store releases."""

    name: str
    """One of DRIVERS."""
    plural: str | None
    """secrets or configmaps; None where only helm itself can read them."""
    way: str
    """How releases are read, and why so."""


def driver_of(setting: str, environ: Mapping[str, str]) -> Driver:
    """The driver that is set, else that of HELM_DRIVER, else Secrets.

    Raises:
        SettingsInvalid: It is none of helm's.
    """
    said = setting or environ.get("HELM_DRIVER", "")
    why = f"because {'the setting driver' if setting else 'HELM_DRIVER'} is {said.lower()}"
    match said.lower():
        case "" | "secret" | "secrets":
            return Driver("secret", "secrets", "Read from helm's Secrets.")
        case "configmap" | "configmaps":
            return Driver("configmap", "configmaps", f"Read from helm's ConfigMaps, {why}.")
        case "sql" | "memory" as name:
            return Driver(name, None, f"Read by the helm command line from time to time, {why}: changes cannot be followed there.")
    raise SettingsInvalid(f"helm has no storage driver {said!r}. Set HELM_DRIVER, or the setting driver, to one of: {', '.join(DRIVERS)}.")


def by_helm_for(refusal: object) -> str:
    """How releases are read where the storage may not be, and why so."""
    return f"Read by the helm command line from time to time, because its storage may not be read: {refusal}"
