"""Rooms of the VideoRoom plugin of a Janus WebRTC server, by its HTTP API."""
