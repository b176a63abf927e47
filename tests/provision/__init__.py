"""How cards are made."""
