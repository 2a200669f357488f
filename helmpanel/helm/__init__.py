"""The helm binary: finding it, its argument lists, running it, and what its failures mean."""
