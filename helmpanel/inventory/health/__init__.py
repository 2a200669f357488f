"""Whether the workloads of releases are ready: one list and one watch per kind of workload, and pods only of what is not ready and on screen."""
