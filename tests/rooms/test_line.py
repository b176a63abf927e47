"""One line to a node that closes connections when it likes."""

import errno
import socket
import threading

import pytest

from kiosk.errors import RoomSilent, RoomUnreachable
from kiosk.rooms.pexip.line import Line

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Node:
    """Answers so many questions on a connection, takes one more without a word, and hangs up."""

    def __init__(self, *answers: int) -> None:
        self.asked = 0
        self._answers = list(answers)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, name="node")
        self._thread.start()

    def _serve(self) -> None:
        for answers in self._answers:
            connection, _ = self._listening.accept()
            with connection:
                connection.settimeout(10)
                for number in range(answers + 1):
                    if not self._read_question(connection):
                        break
                    self.asked += 1
                    if number < answers:
                        connection.sendall(ANSWER)

    def _read_question(self, connection: socket.socket) -> bool:
        received = b""
        while not received.endswith(b"\r\n\r\n{}"):
            piece = connection.recv(4096)
            if not piece:
                return False
            received += piece
        return True

    def close(self) -> None:
        self._thread.join(15)
        self._listening.close()


def ask(line: Line) -> int:
    return line.post("refresh_token", "/", {}, {}, connect_s=5, silence_s=5).status


def test_a_connection_that_was_closed_meanwhile_costs_nothing() -> None:
    node = Node(1, 1)
    line = Line(node.url, None)
    try:
        assert [ask(line), ask(line)] == [200, 200]
        assert node.asked == 3
    finally:
        line.close()
        node.close()


def test_a_node_that_only_hangs_up_is_asked_twice_and_no_more() -> None:
    node = Node(0, 0)
    line = Line(node.url, None)
    try:
        with pytest.raises(RoomUnreachable):
            ask(line)
        assert node.asked == 2
    finally:
        line.close()
        node.close()


def test_fresh_connections_are_made_when_the_old_ones_are_not_trusted() -> None:
    node = Node(1, 1)
    line = Line(node.url, None)
    try:
        assert ask(line) == 200
        line.renew()
        assert ask(line) == 200
        assert node.asked == 2
    finally:
        line.close()
        node.close()


def test_a_silence_is_told_from_a_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        line = Line(f"http://127.0.0.1:{port}", None)
        with pytest.raises(RoomSilent):
            line.get("status", "/", connect_s=5, silence_s=0.1)
        line.close()
    line = Line(f"http://127.0.0.1:{port}", None)
    with pytest.raises(RoomUnreachable) as refused:
        line.get("status", "/", connect_s=5, silence_s=5)
    assert not isinstance(refused.value, RoomSilent)
    line.close()


def test_no_way_there_is_a_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> socket.socket:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr("urllib3.util.connection.create_connection", fail)
    line = Line("http://127.0.0.1:1", None)
    with pytest.raises(RoomSilent):
        line.get("status", "/", connect_s=5, silence_s=5)
    line.close()
