"""On the terminal, at its first start: takes in what the card tells, and looks whether every part is there."""
