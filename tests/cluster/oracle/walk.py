"""Which step comes next: by chance from a seed, with the rare things first as soon as they can happen."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.cluster.oracle.actions import ACTIONS, Action, History, Key
from tests.cluster.oracle.faults import FAULTS, Fault

KEYS = tuple(Key(namespace, name) for namespace in ("team-a", "team-b") for name in ("web", "api"))
"""The same names in two namespaces: releases that are mixed up show."""

OFTEN = 0.85
"""Share of steps that do something for the first time, where something new can be done, and share of steps in which something goes wrong."""

USUAL = ("install", "upgrade", "upgrade, its hook fails", "rollback", "uninstall", "uninstall, history kept")
"""What mostly happens to releases."""


class Step(NamedTuple):
    """One thing that happens, and what goes wrong meanwhile."""

    action: Action
    key: Key
    fault: Fault | None

    def __str__(self) -> str:
        return f"{self.key}: {self.action.name}" + (f" (meanwhile: {self.fault.name})" if self.fault else "")


class Walk:
    """Steps without end. The same seed and the same histories give the same steps."""

    def __init__(self, seed: int, *, faults: Sequence[Fault] = FAULTS) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.steps: list[Step] = []
        self._faults = tuple(faults)
        self._actions_left = list(ACTIONS)
        self._faults_left = list(faults)

    @property
    def left(self) -> list[str]:
        """What has not happened yet."""
        return [each.name for each in (*self._actions_left, *self._faults_left)]

    def next(self, histories: Mapping[Key, History]) -> Step:
        """The next step for releases with these histories."""
        fitting = {action: keys for action in ACTIONS if (keys := [key for key in KEYS if action.fits(histories.get(key, ()))])}
        rare = [action for action in fitting if action in self._actions_left]
        # What is new leads to releases that are stuck or gone; what is usual is what the rest of it needs.
        usual = [action for action in fitting if action.name in USUAL] or list(fitting)
        action = self.chance.choice(rare if rare and self.chance.random() < OFTEN else usual)
        key = self.chance.choice(fitting[action])
        fault = self.chance.choice(self._faults_left or self._faults) if self._faults and self.chance.random() < OFTEN else None
        self._actions_left = [each for each in self._actions_left if each is not action]
        self._faults_left = [each for each in self._faults_left if each is not fault]
        self.steps.append(Step(action, key, fault))
        return self.steps[-1]

    def __str__(self) -> str:
        return f"seed {self.seed}, steps so far:\n" + "\n".join(f"{number:4} {step}" for number, step in enumerate(self.steps, 1))
