"""What can happen to the releases of a cluster: real helm commands, helm killed in the middle of one, and a record that somebody deletes."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from helmpanel.sandbox import Sandbox
from tests.cluster.oracle.charts import Chart
from tests.conftest import Helm
from tests.waiting import eventually

DESCRIPTIONS = ("by hand", "größer, schöner & <b>bold</b>", 'quotes " and \\ in one line')


class Key(NamedTuple):
    """Where a release is."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


class Stored(NamedTuple):
    """One revision that the cluster holds."""

    revision: int
    status: str
    is_sound: bool
    """Whether what it installs works, by a label of its own: Helm may call one superseded that never did."""


History = tuple[Stored, ...]
"""Revisions of one release, oldest first; empty for none."""


@dataclass(frozen=True)
class Ground:
    """Where it happens: a helm, its environment, the sandbox, and charts to install."""

    helm: Helm
    env: Mapping[str, str]
    box: Sandbox
    charts: list[Chart]

    def run(self, *args: str, key: Key, fails: bool = False) -> None:
        """Carry a helm command out; one that is to fail and does not fails the test as well."""
        done = self.helm.run(*args, "-n", key.namespace, env=self.env, check=not fails)
        assert bool(done.returncode) is fails, f"helm {' '.join(args)} was to fail:\n{done.stdout}"

    def kill_in(self, status: str, *args: str, key: Key) -> None:
        """Start a helm command and end it by SIGKILL once it has brought the newest revision to this status: a hook holds it there."""
        argv, before = [str(self.helm.path), *args, "-n", key.namespace], self.history(key)

        def has_begun() -> bool:
            history = self.history(key)
            return history != before and history[-1].status == status

        with subprocess.Popen(argv, env=dict(self.env), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            try:
                eventually(lambda: running.poll() is not None or has_begun(), f"{key} is {status}")
                assert running.poll() is None, f"helm {' '.join(args)} ended by itself"
            finally:
                running.kill()

    def history(self, key: Key) -> History:
        """What the cluster holds of a release."""
        return self.histories().get(key, ())

    def histories(self) -> dict[Key, History]:
        """What the cluster holds of all releases, by the labels of their Secrets."""
        secrets = self.box.on_server(lambda: [each["metadata"] for each in self.box.store.select(self.box.store.resources.named("Secret"))])
        found: dict[Key, list[Stored]] = {}
        for metadata in secrets:
            labels = metadata.get("labels") or {}
            if labels.get("owner") == "helm":
                found.setdefault(Key(metadata["namespace"], labels["name"]), []).append(
                    Stored(int(labels["version"]), labels["status"], labels.get("sound") == "yes")
                )
        return {key: tuple(sorted(revisions)) for key, revisions in found.items()}

    def lose_newest(self, key: Key) -> None:
        """Delete the record of the newest revision, as people do to free a release that is stuck."""
        secrets, name = self.box.store.resources.named("Secret"), f"sh.helm.release.v1.{key.name}.v{self.history(key)[-1].revision}"
        self.box.on_server(lambda: self.box.store.delete(secrets, key.namespace, name))


class Action(NamedTuple):
    """One thing that can happen."""

    name: str
    fits: Callable[[History], bool]
    """Whether it can happen to a release with this history."""
    leaves: Callable[[History], str | None]
    """Status that the release has afterwards, by its history before; None when it is gone."""
    do: Callable[[Ground, Key, random.Random], None]


def _newest_is(*statuses: str) -> Callable[[History], bool]:
    return lambda history: bool(history) and history[-1].status in statuses


def _always(status: str | None) -> Callable[[History], str | None]:
    return lambda history: status


def _sound(history: History) -> list[int]:
    """Older revisions that once worked: a rollback to them works."""
    return [each.revision for each in history[:-1] if each.status in ("deployed", "superseded") and each.is_sound]


def _can_go_back(history: History) -> bool:
    return bool(_sound(history)) and history[-1].status != "superseded"


def _loses_to(status: str) -> Callable[[History], bool]:
    return lambda history: len(history) > 1 and history[-2].status == status


def _chart(ground: Ground, chance: random.Random) -> str:
    return str(chance.choice(ground.charts).path)


def _extras(chance: random.Random, *, is_sound: bool = True) -> list[str]:
    """What a command says beside its chart: labels of the release, one of them for us; a note, now and then; a value."""
    note = ["--description", chance.choice(DESCRIPTIONS)] if chance.random() < 0.5 else []
    labels = f"sound={'yes' if is_sound else 'no'},team={chance.choice('ab')}"
    return [*note, "--labels", labels, "--set", f"colour={chance.choice(('red', 'blue'))}"]


# A command without hooks ends by itself; see `charts` for what the values do.
_QUIET = "--no-hooks"
_BAD_HOOK = ("--set", "hook.code=1,hook.seconds=0")
_REFUSED = (_QUIET, "--set", "refused=true")
_BROKEN = (_QUIET, "--set", "broken=true")
_TOO_SLOW = (_QUIET, "--set-string", "workload=600", "--wait", "--timeout", "1s")

Do = Callable[[Ground, Key, random.Random], None]


def _install(*options: str, fails: bool = False) -> Do:
    def do(ground: Ground, key: Key, chance: random.Random) -> None:
        ground.run("install", key.name, _chart(ground, chance), "--create-namespace", *_extras(chance, is_sound=not fails), *options, key=key, fails=fails)

    return do


def _upgrade(*options: str, fails: bool = False) -> Do:
    def do(ground: Ground, key: Key, chance: random.Random) -> None:
        # Now and then old revisions are pruned by the way.
        kept = chance.choice(("2", "10"))
        ground.run("upgrade", key.name, _chart(ground, chance), "--history-max", kept, *_extras(chance, is_sound=not fails), *options, key=key, fails=fails)

    return do


def _kill_install(ground: Ground, key: Key, chance: random.Random) -> None:
    ground.kill_in("pending-install", "install", key.name, _chart(ground, chance), "--create-namespace", *_extras(chance), key=key)


def _kill_upgrade(ground: Ground, key: Key, chance: random.Random) -> None:
    ground.kill_in("pending-upgrade", "upgrade", key.name, _chart(ground, chance), *_extras(chance), key=key)


def _roll_back(ground: Ground, key: Key, chance: random.Random) -> None:
    ground.run("rollback", key.name, str(chance.choice(_sound(ground.history(key)))), _QUIET, key=key)


def _kill_rollback(ground: Ground, key: Key, chance: random.Random) -> None:
    ground.kill_in("pending-rollback", "rollback", key.name, str(_sound(ground.history(key))[-1]), key=key)


def _uninstall(*options: str) -> Do:
    return lambda ground, key, chance: ground.run("uninstall", key.name, _QUIET, *options, key=key)


def _kill_uninstall(ground: Ground, key: Key, chance: random.Random) -> None:
    ground.kill_in("uninstalling", "uninstall", key.name, key=key)


def _lose_newest(ground: Ground, key: Key, chance: random.Random) -> None:
    ground.lose_newest(key)


_absent: Callable[[History], bool] = lambda history: not history  # noqa: E731 - reads as the rows below it do
_settled = _newest_is("deployed", "failed", "superseded")

ACTIONS = (
    Action("install", _absent, _always("deployed"), _install(_QUIET)),
    Action("install, its hook fails", _absent, _always("failed"), _install(*_BAD_HOOK, fails=True)),
    Action("install, killed", _absent, _always("pending-install"), _kill_install),
    Action("install over what was kept", _newest_is("uninstalled"), _always("deployed"), _install(_QUIET, "--replace")),
    Action("upgrade", _settled, _always("deployed"), _upgrade(_QUIET)),
    Action("upgrade, its hook fails", _settled, _always("failed"), _upgrade(*_BAD_HOOK, fails=True)),
    Action("upgrade, an object is refused", _settled, _always("failed"), _upgrade(*_REFUSED, fails=True)),
    Action("upgrade, not ready in time", _settled, _always("failed"), _upgrade(*_TOO_SLOW, fails=True)),
    Action("upgrade, the template is broken", _settled, lambda history: history[-1].status, _upgrade(*_BROKEN, fails=True)),
    Action("upgrade, killed", _settled, _always("pending-upgrade"), _kill_upgrade),
    Action("rollback", _can_go_back, _always("deployed"), _roll_back),
    Action("rollback, killed", _can_go_back, _always("pending-rollback"), _kill_rollback),
    Action("uninstall", bool, _always(None), _uninstall()),
    Action(
        "uninstall, history kept",
        lambda history: bool(history) and not _newest_is("uninstalled")(history),
        _always("uninstalled"),
        _uninstall("--keep-history"),
    ),
    Action("uninstall, killed", _newest_is("deployed"), _always("uninstalling"), _kill_uninstall),
    Action("the newest record is deleted, a deployed one is left", _loses_to("deployed"), _always("deployed"), _lose_newest),
    Action("the newest record is deleted, a superseded one is left", _loses_to("superseded"), _always("superseded"), _lose_newest),
)
"""Everything that can happen; each status that helm can list is left by one of these at least."""
