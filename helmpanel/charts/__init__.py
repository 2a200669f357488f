"""Where versions of a chart come from, and which of them is newer."""
