"""The terminal's first start."""
