"""Releases, revisions, operations, plans and filters: param classes and frozen dataclasses, no I/O."""
