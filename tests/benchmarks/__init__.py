"""Figures of the whole product, printed by commands, for they depend on the machine; the tests in here are of the
instruments alone."""
