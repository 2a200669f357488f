"""`import helmpanel` is light, and everything it names is there when asked for."""

import subprocess
import sys

import pytest

import helmpanel

HEAVY = ("panel", "bokeh", "panel_material_ui", "pandas", "param", "kubernetes_asyncio", "aiohttp", "yaml", "uvicorn")
BUDGET_S = 0.15


def in_new_python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True).stdout.strip()


def test_import_loads_no_panel_pandas_or_kubernetes_client():
    loaded = in_new_python("import sys, helmpanel; print(' '.join({name.partition('.')[0] for name in sys.modules}))").split()
    assert set(HEAVY) & set(loaded) == set()


def test_import_stays_within_its_budget():
    code = "import time; t = time.perf_counter(); import helmpanel; print(time.perf_counter() - t)"
    # The best of three: a loaded machine says nothing of the import.
    assert min(float(in_new_python(code)) for _ in range(3)) < BUDGET_S


def test_help_on_the_command_line_loads_no_panel_or_pandas_either():
    code = (
        "import sys\nfrom helmpanel.__main__ import main\n"
        "try:\n    main(['list', '--help'])\nexcept SystemExit:\n    print(' '.join({n.partition('.')[0] for n in sys.modules}))"
    )
    assert set(HEAVY) & set(in_new_python(code).splitlines()[-1].split()) == set()


def test_connecting_loads_no_panel():
    loaded = in_new_python("import sys, helmpanel; helmpanel.connect; print(' '.join({name.partition('.')[0] for name in sys.modules}))").split()
    assert {"panel", "bokeh", "panel_material_ui"} & set(loaded) == set()


def test_names_are_filled_in_when_used():
    from helmpanel.cluster import Cluster, connect
    from helmpanel.settings import Settings

    assert helmpanel.connect is connect
    assert helmpanel.Cluster is Cluster
    assert helmpanel.Settings is Settings
    assert helmpanel.errors.HelmPanelError.__mro__[1] is Exception
    assert {"connect", "Dashboard", "sandbox"} <= set(dir(helmpanel))


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_thing"):
        helmpanel.no_such_thing  # noqa: B018
