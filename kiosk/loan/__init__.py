"""What a terminal knows of the patient that it is lent to, and how it forgets.

A loan is a few kilobytes: where the appointments come from, whom to ring, language, loudness, the name that others see,
and the wireless networks of the home. Nothing else of the patient ever reaches a disk.

On the data partition it lies sealed in one file (AES-256-GCM) beside a key that is made for this loan alone; opened it
lies in a folder that a reboot empties. Returning the terminal overwrites and removes the key: what was sealed is noise
then, in its file, in freed blocks and in every copy that the file system or the memory card made of it meanwhile. What
is left to a laboratory is a stale copy of those 32 bytes behind the card's controller; against it helps `--in-memory`.

Rejected: a LUKS2 partition for the loan. Its key would lie on the same card and be erased in the same way; and it needs
a partition, device-mapper and a mount before the first screen, for what fits into one file. Where a hospital wants all
of the data partition encrypted, that is the image's matter, and both go together.
"""
