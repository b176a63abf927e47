"""A bench of virtual hardware: the terminal's own system, booted on a real kernel with simulated devices."""
