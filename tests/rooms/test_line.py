"""One line to a node that closes connections when it likes."""

import socket
import threading

import pytest

from kiosk.errors import RoomUnreachable
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
