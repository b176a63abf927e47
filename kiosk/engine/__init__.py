"""Keeps running what the state declares, and feeds it what happens. Decides nothing."""
