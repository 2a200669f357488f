"""What helm processes inherit."""

from __future__ import annotations

import os
from collections.abc import Mapping

# helm reads these in place of flags we may not pass: they would send it to another cluster, namespace or identity than the one helmpanel reads as.
STEERING = frozenset(
    {
        "HELM_NAMESPACE",
        "HELM_KUBECONTEXT",
        "HELM_KUBEAPISERVER",
        "HELM_KUBETOKEN",
        "HELM_KUBECAFILE",
        "HELM_KUBEASUSER",
        "HELM_KUBEASGROUPS",
        "HELM_KUBETLS_SERVER_NAME",
        "HELM_KUBEINSECURE_SKIP_TLS_VERIFY",
    }
)


def helm_environment(*, plugins: bool, base: Mapping[str, str] | None = None, driver: str = "") -> dict[str, str]:
    """Environment for one helm process: ours, without what would steer it elsewhere and without colours.

    Args:
        plugins: Whether helm may load its plugins: chart downloaders (`s3://`) need them, reading a release does not, and a broken one would spoil it.
        base: Environment to start from; None for this process's own.
        driver: Where helm stores releases, see Settings.driver; empty leaves HELM_DRIVER as it is.
    """
    env = {name: value for name, value in (os.environ if base is None else base).items() if name not in STEERING}
    env["NO_COLOR"] = "1"
    env["HELM_COLOR"] = "never"
    if driver:
        env["HELM_DRIVER"] = driver
    if not plugins:
        env["HELM_NO_PLUGINS"] = "1"
        env.pop("HELM_DEBUG", None)
    return env
