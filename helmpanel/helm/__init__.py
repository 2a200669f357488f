"""The user's own helm: finding it, its command lines, its processes, what its failures mean. Imports nothing here: fetching helm stays light."""
