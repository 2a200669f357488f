"""The command line: `helmpanel list`, `helmpanel serve`, `helmpanel demo`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helmpanel.errors import HelmPanelError

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_PORT = 5006
HIGHEST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0, or 1 after one sentence on standard error."""
    chosen = _parser().parse_args(arguments)
    try:
        code: int = chosen.run(chosen)
        return code
    except HelmPanelError as error:
        sys.stdout.flush()
        print(f"helmpanel: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # `helmpanel list | head`: whoever read has enough. Standard output is closed over to nothing, or Python complains of it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helmpanel", description="Manage installed Helm releases with your own helm and your own rights.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    listing = commands.add_parser("list", help="print the releases", description="Print the releases of a cluster with what newer versions are available.")
    _add_cluster_arguments(listing)
    listing.add_argument("-o", "--output", choices=("table", "json"), default="table", help="form of the output (default: table)")
    listing.set_defaults(run=_list)

    serve = commands.add_parser(
        "serve", help="serve the dashboard", description="Serve the dashboard. There is no login: whoever reaches the port acts as you."
    )
    _add_cluster_arguments(serve)
    _add_server_arguments(serve)
    serve.add_argument("--read-only", action="store_true", help="refuse every change")
    serve.set_defaults(run=_serve)

    demo = commands.add_parser(
        "demo", help="a simulated cluster and the dashboard on it", description="Try helmpanel on a simulated cluster; Ctrl-C ends both."
    )
    _add_server_arguments(demo)
    demo.set_defaults(run=_demo)
    return parser


def _add_cluster_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kubeconfig", metavar="FILE", help="kubeconfig to use (default: KUBECONFIG, then ~/.kube/config, then the pod's own account)")
    parser.add_argument("--context", metavar="NAME", help="context to use (default: the current one)")
    parser.add_argument(
        "-n", "--namespace", dest="namespaces", metavar="NAME", action="append", help="only this namespace; may be given several times (default: all)"
    )
    parser.add_argument("--helm", metavar="FILE", help="helm to use (default: HELMPANEL_HELM, then PATH, then the managed copy)")


def _add_server_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, help=f"port to serve on, 0 for any free one (default: {DEFAULT_PORT})")
    parser.add_argument("--address", default="127.0.0.1", help="address to serve on (default: 127.0.0.1, which only this machine reaches)")


def _port(text: str) -> int:
    """A port of the command line.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    try:
        port = int(text)
    except ValueError:
        port = -1
    if not 0 <= port <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 0 to {HIGHEST_PORT}, 0 for any free one")
    return port


def _list(chosen: argparse.Namespace) -> int:
    frame = asyncio.run(_releases(chosen))
    if chosen.output == "json":
        from helmpanel.text import mask_text

        # What helm noted of a failure, or what a pod says of itself, may hold what it was given.
        frame = frame.assign(**{column: frame[column].map(mask_text, na_action="ignore") for column in ("description", "reason", "unreadable")})
        print(frame.to_json(orient="records", date_format="iso", date_unit="s", indent=2))
    else:
        print(_table(frame))
    return 0


async def _releases(chosen: argparse.Namespace) -> pd.DataFrame:
    # Here and not above: pandas and the Kubernetes client take a second, `helmpanel --help` should not.
    from helmpanel.cluster import connect

    async with connect(chosen.kubeconfig, chosen.context, chosen.namespaces, chosen.helm) as cluster:
        for problem in cluster.table.problems:
            print(f"helmpanel: {problem}", file=sys.stderr)
        if chosen.helm is not None and cluster.helm_error is not None:
            print(f"helmpanel: {cluster.helm_error} The list needs no helm.", file=sys.stderr)
        return cluster.releases


def _table(frame: pd.DataFrame) -> str:
    """Columns side by side, as `helm list` prints them; terminal escapes in names and versions are taken out."""
    if frame.empty:
        return "No releases."
    columns = ["namespace", "name", "revision", "status", "health", "ready", "chart", "version", "app_version", "updated", "available"]
    shown = frame[columns].copy()
    shown["ready"] = frame["ready"].astype("string") + "/" + frame["wanted"].astype("string")
    shown["updated"] = shown["updated"].dt.strftime("%Y-%m-%d %H:%M UTC")
    rows = [[column.upper().replace("_", " ") for column in columns]]
    rows += [["".join(ch for ch in str(cell) if ch.isprintable()) for cell in row] for row in shown.astype("string").fillna("-").to_numpy().tolist()]
    widths = [max(len(row[at]) for row in rows) for at in range(len(columns))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def _serve(chosen: argparse.Namespace) -> int:
    from helmpanel import app

    app.serve(
        kubeconfig=chosen.kubeconfig,
        context=chosen.context,
        namespaces=chosen.namespaces,
        helm=chosen.helm,
        port=chosen.port,
        address=chosen.address,
        read_only=chosen.read_only,
        on_ready=lambda url: print(f"The dashboard: {url}  (Ctrl-C ends it; running operations go on)", flush=True),
    )
    return 0


def _demo(chosen: argparse.Namespace) -> int:
    from helmpanel import demo

    return demo.run(port=chosen.port, address=chosen.address)


if __name__ == "__main__":
    sys.exit(main())
