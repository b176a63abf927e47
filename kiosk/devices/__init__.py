"""The world one can touch. Each device is a room of its own: port, real drivers, a simulated one, a front door.

Simulated drivers ship. What hands do to them is done to a `Simulation`, which is given to the front door and
shared by every driver opened there: a camera unplugged in one call is still unplugged in the next.
"""
