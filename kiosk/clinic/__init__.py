"""The embedded clinic: a small room server with a page for a clinician and a bench for a terminal.

It stands apart: nothing of the terminal is imported here, and the terminal imports nothing of it.
"""

from .server import PortTakenError, RunningClinic, serve
from .settings import ClinicSettings, RoomSettings, SettingsError

__all__ = ["ClinicSettings", "PortTakenError", "RoomSettings", "RunningClinic", "SettingsError", "serve"]
