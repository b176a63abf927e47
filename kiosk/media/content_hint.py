"""What the sent picture is for, in the sense of WebRTC's content hints."""


class ContentHint:
    """Told by the patient's side, read by the sender. Any thread."""

    def __init__(self) -> None:
        self.detail = False
        """Print is to be read: size before the number of pictures a second."""
