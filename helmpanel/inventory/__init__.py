"""What the cluster says about its releases."""
