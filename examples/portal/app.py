"""A small data-platform portal with helmpanel in one of its pages.

Run it with `uvicorn --app-dir examples/portal app:app` after `pip install 'helmpanel[portal]' uvicorn`, and open /.
It shows the cluster your kubeconfig points at. This example has no login: keep it on loopback.
"""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from helmpanel import portal

HERE = Path(__file__).parent

app = FastAPI(title="Data platform")
app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")


@app.get("/")
def home() -> FileResponse:
    """The portal's own page; the dashboard is one of its tabs."""
    return FileResponse(HERE / "static" / "index.html")


@app.get("/api/teams")
def teams() -> list[str]:
    """A route of the portal's own."""
    return ["analytics", "data-platform", "ml"]


# No login of its own yet: whoever reaches this application acts with its rights. Hence the word.
portal.mount(app, "/helm", insecure=True)
