"""Helm releases as live Python objects and as a dashboard."""
