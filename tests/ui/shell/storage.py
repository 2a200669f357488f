"""Releases and their workloads as the cluster holds them, made up by a test."""

from __future__ import annotations

from collections.abc import Mapping

from helmpanel.sandbox.demo import encoded


def secret(release: Mapping[str, object]) -> dict[str, object]:
    """The Secret of a release's first revision, deployed by its labels; `release` is the payload."""
    name = release["name"]
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "helm.sh/release.v1",
        "metadata": {
            "name": f"sh.helm.release.v1.{name}.v1",
            "namespace": "default",
            "labels": {"name": name, "owner": "helm", "status": "deployed", "version": "1"},
        },
        "data": {"release": encoded(release)},
    }


def deployed(name: str) -> dict[str, object]:
    """The Secret of a release that was installed and has no workloads."""
    at = "2026-11-01T10:00:00Z"
    release = {
        "name": name,
        "namespace": "default",
        "version": 1,
        "info": {"status": "deployed", "description": "Install complete", "first_deployed": at, "last_deployed": at},
        "chart": {"metadata": {"name": "web", "version": "1.0.0", "appVersion": "2", "apiVersion": "v2"}, "templates": [], "values": {}},
        "config": {},
        "manifest": "",
    }
    return secret(release)


def workload(name: str, kind: str = "Deployment", *, image: str = "web", replicas: int = 2, **notes: str) -> dict[str, object]:
    """What helm would have made for a release of that name; `notes` are annotations of its pods."""
    metadata = {
        "name": name,
        "namespace": "default",
        "labels": {"app.kubernetes.io/managed-by": "Helm"},
        "annotations": {"meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": "default"},
    }
    pod: dict[str, object] = {"metadata": {"labels": {"app": name}, "annotations": notes}, "spec": {"containers": [{"name": "main", "image": image}]}}
    if kind == "Job":
        pod["spec"] = {"restartPolicy": "Never", "containers": [{"name": "main", "image": image}]}
        return {"apiVersion": "batch/v1", "kind": kind, "metadata": metadata, "spec": {"template": pod}}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": metadata,
        "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": pod},
    }
