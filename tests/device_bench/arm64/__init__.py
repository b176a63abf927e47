"""The image for the boards' own processor, booted on an emulated machine: the slow lane of the bench."""
