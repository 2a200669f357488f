"""Plans, previews and diffs: deciding without I/O."""
