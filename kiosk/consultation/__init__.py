"""What the terminal is doing: pure values and functions. Imports nothing that can block."""
