"""A one-button video terminal that hospitals lend to patients."""
