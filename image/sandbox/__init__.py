"""The image built with Debian's own tools, for a machine without Raspberry Pi's archive."""
