"""What a built system is held to, by looking at its files:  python3 -m image.check ROOT"""
