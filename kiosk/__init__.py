"""A one-button video terminal that hospitals lend to patients."""

__version__ = "0.1.0"
"""Told by the self-check, the manifest of cards and receipts."""
