"""Stands in for Raspberry Pi's pykms, which picamera2 loads for a preview that the terminal never opens."""


class _Names:
    """Any name is itself."""

    def __getattr__(self, name: str) -> str:
        return name


PixelFormat = _Names()
