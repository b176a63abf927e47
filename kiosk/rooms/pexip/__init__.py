"""Rooms on Pexip Infinity, by its client REST API v2."""
