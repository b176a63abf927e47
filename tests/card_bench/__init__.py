"""`make bench-card`: the built card in a virtual terminal: updates, open ports, what is left on it."""
