"""What screens are built of. Boxes are given in ems from the top left corner, so that one plan fits every panel."""
