"""The I/O thread, the task helper, and files of our own."""
