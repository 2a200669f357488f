"""Panel components, one a file. They see the cluster and the model, never helm, kube or charts."""
