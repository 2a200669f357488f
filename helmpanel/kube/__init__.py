"""The Kubernetes API, as narrow as helmpanel needs it. The only place that imports a client."""
