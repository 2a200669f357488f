"""Somebody who follows one kind of object, and what they believe to be there."""

from helmpanel.inventory.following import Following
from helmpanel.inventory.labels import releases_kind
from helmpanel.inventory.patience import Patience
from helmpanel.model.table import TableState
from helmpanel.runtime.tasks import end, spawn
from helmpanel.settings import Settings
from tests.waiting import until


class Impatience(Patience):
    """Waits a hundredth of the time, and remembers what it was asked for."""

    def __init__(self):
        super().__init__(lambda: 1.0)
        self.asked = []

    def wait_s(self, asked_s=None):
        self.asked.append(asked_s)
        return super().wait_s(asked_s) / 100


class Watcher:
    """Somebody who follows, and what they believe to be there."""

    def __init__(self, api, namespace=None, **settings):
        self.there = {}
        self.lists = 0
        self.states = []
        self.lists_when_live = []
        self.patience = Impatience()
        self.following = Following(
            api,
            releases_kind("secrets"),
            namespace,
            listed=self._listed,
            changed=self._changed,
            told=self._told,
            settings=Settings(**settings),
            patience=self.patience,
        )
        self.task = None

    def start(self):
        self.task = spawn(self.following.run(), "followed by a test")

    async def stop(self):
        await end(self.task)

    @property
    def seen(self):
        return {(one.name, one.revision, one.status) for one in self.there.values()}

    def _told(self):
        self.states.append(self.following.state)
        if self.following.state is TableState.LIVE:
            self.lists_when_live.append(self.lists)

    def _listed(self, items):
        self.lists += 1
        self.there = {(one.namespace, one.object_name): one for one in items}

    def _changed(self, event, item):
        if event == "DELETED":
            self.there.pop((item.namespace, item.object_name), None)
        else:
            self.there[item.namespace, item.object_name] = item

    async def is_live(self):
        await until(lambda: self.following.state is TableState.LIVE)
