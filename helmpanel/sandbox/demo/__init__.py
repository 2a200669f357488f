"""What the sandbox shows in `helmpanel demo` and in many tests: believable charts, releases made of them, and repositories that offer them.

Read next: `catalogue.txt` (all of it in one table), `catalogue` (reads it), `chart` and `seed` (what helm would have stored), `running` (all of it at work).
"""

from helmpanel.sandbox.demo.catalogue import DemoRelease, charts, fill, releases, repositories
from helmpanel.sandbox.demo.chart import Chart, Component
from helmpanel.sandbox.demo.repository import ChartRepository
from helmpanel.sandbox.demo.running import Demo
from helmpanel.sandbox.demo.seed import StoredRevision, encoded, seed_release

__all__ = [
    "Chart",
    "ChartRepository",
    "Component",
    "Demo",
    "DemoRelease",
    "StoredRevision",
    "charts",
    "encoded",
    "fill",
    "releases",
    "repositories",
    "seed_release",
]
