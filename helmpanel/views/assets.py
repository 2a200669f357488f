"""Stylesheets and browser code of the views, read from the files beside them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def css(*names: str) -> str:
    """The named files of `css/`, joined in that order."""
    return "\n".join((HERE / "css" / f"{name}.css").read_text(encoding="utf-8") for name in names)


@cache
def esm(*names: str) -> str:
    """Browser module of one component: `js/common.js`, then the named files of `js/`; the last one draws.

    Joined here and not imported in the browser: a notebook has no address that an import could be fetched from.
    """
    return "\n".join((HERE / "js" / f"{part}.js").read_text(encoding="utf-8") for part in ("common", *names))
