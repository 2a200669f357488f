"""A simulated Kubernetes API server on loopback that the real helm can work against."""
