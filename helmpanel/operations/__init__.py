"""Carrying plans out, one per release at a time."""
