"""How the terminal's SD card is made, and what a built system is held to."""
