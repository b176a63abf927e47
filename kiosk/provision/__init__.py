"""At the hospital's computer: makes the cards that terminals start from."""
