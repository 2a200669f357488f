"""The Kubernetes API, as narrow as helmpanel needs it. The only place that imports a client."""

from helmpanel.kube.api import KubeApi
from helmpanel.kube.kubeconfig import Access, load_access

__all__ = ["Access", "KubeApi", "load_access"]
