"""The I/O thread, the task helper, news for viewers, and files of our own."""
