"""Figures of the whole product, printed by commands; never part of the tests, for they depend on the machine."""
