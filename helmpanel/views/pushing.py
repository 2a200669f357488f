"""One update to a notebook at a time.

Panel sends an update as several comm messages (header, metadata, content, buffers), on whichever thread changed something. JupyterLab 4.6 answers comm
messages on threads of their own, while helmpanel's news arrive on the kernel's loop: messages of two updates mix, the browser puts the wrong ones
together ("s is not iterable") and drops both. Seen with Panel 1.9.4; to be measured again when its cap is raised.
"""

from __future__ import annotations

import threading
from functools import wraps
from typing import Any

from panel import reactive
from panel.io import datamodel, notebook
from panel.pane import base, plot

_USERS = (notebook, reactive, datamodel, base, plot)
"""Modules that took `push` by name."""


def push_one_at_a_time() -> None:
    """Put a lock around Panel's `push`, for this process. Doing it twice changes nothing."""
    plain = notebook.push
    if hasattr(plain, "__wrapped__"):
        return
    # An update may cause another one while it is prepared, on the same thread.
    lock = threading.RLock()

    @wraps(plain)
    def push(*args: Any, **kwargs: Any) -> None:
        # What changed is taken from the document in here too: two threads would take the same changes, or lose some.
        with lock:
            plain(*args, **kwargs)

    for module in _USERS:
        if module.push is plain:
            module.push = push
