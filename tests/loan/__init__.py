"""Lending a terminal, and taking it back."""
