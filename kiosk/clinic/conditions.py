"""How a room is set up just now, as its owner may change it at any time."""

from dataclasses import dataclass


@dataclass
class Conditions:
    """Each is what a platform's administrator or a host can switch."""

    sound_only: bool = False
    """No pictures: calls are made with sound alone."""
    reception: bool = False
    """A virtual reception: who comes here names another room's number and goes on to that one."""
    login: bool = False
    """An identity provider must vouch for whoever enters."""
    captions: bool = False
    """What is said can be had as text."""
    guests_can_unmute: bool = True
