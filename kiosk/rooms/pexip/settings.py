"""What a technician may set."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PexipSettings:
    """How patient the terminal is with a node."""

    connect_timeout_s: float = 5.0
    """Longest wait for a connection, in seconds."""
    answer_timeout_s: float = 10.0
    """Longest silence while an answer is awaited, in seconds."""
    join_timeout_s: float = 20.0
    """The same for taking a place in a room, which nodes take longer to decide."""
    stream_silence_s: float = 90.0
    """A silent event stream is opened anew after so many seconds."""
    ca_file: str | None = None
    """A PEM file of the certificate authorities to trust instead of the usual ones; for clinics with their own."""
    fecc: bool = True
    """Let a host zoom and move the picture that we send."""
    allowed_hosts: tuple[str, ...] = ()
    """The only hosts whose rooms are entered, such as "join.example.org" or "*.example.org"; empty: any. Nodes that
    the DNS names for such a host must be among them too."""
    node: str = ""
    """The clinic's own node, such as https://join.example.org: where a room number is meant that comes alone, in a
    letter or a calendar. Links to it are read even where `allowed_hosts` is empty."""
