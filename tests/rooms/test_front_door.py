"""Clients by the provider's name, without a network."""

import subprocess
import sys

from kiosk.rooms import Settings, open_clients
from kiosk.rooms.janus.client import JanusClient
from kiosk.rooms.pexip.client import PexipClient


def test_every_provider_has_its_client() -> None:
    clients = open_clients(Settings(), captions=True)
    assert {name: type(client) for name, client in clients.items()} == {"pexip": PexipClient, "janus": JanusClient}


def test_the_port_is_read_without_loading_http() -> None:
    code = "import sys, kiosk.rooms.port; sys.exit('requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
