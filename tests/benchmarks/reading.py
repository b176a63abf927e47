"""How to read the table."""

from typing import Final

READ_AS: Final = """\
How to read it. All are processes of one machine and share its cores; take the ratios, not the milliseconds. "into the
guest": what the doctor sends and the guest receives; "from the guest": the other way. Doctor: Chromium without a
window, its sound not worked on. Guests: the terminal (its real processes, screen included, drawing in software),
Chromium in its place (decoding, drawing nothing; "drawn": on a page of 1024x600 with a self view, in software), aiortc
as it comes (draws nothing). All cameras show one clip of 30 pictures a second with a number in each. Each
microphone hears a voice with a chirp about each half second, the doctor's another one than the guests': whatever is in
step with its loudspeaker, a terminal takes out as an echo. A run is a call of each guest in turn; the ends meet by a
relay that is the bad line.

video           camera's callback -> decoded picture handed on (terminal: to the screen; Chromium: to the track's
                readers), of each picture whose number was read; median of a window, or the 95th of 100
frozen          gaps of more than 200 ms between two different decoded pictures, added up; for all guests and both ways
                from the same numbers in the pictures
longest gap     the longest of all gaps
sound           a sample at the microphone's driver -> the same sample handed to the loudspeaker's driver, by chirps.
                What a card adds is in none of them: ALSA's periods at the terminal, some 20 ms of output buffer in
                Chromium. A guest's Chromium works on its sound before it can be noted: that is not in its figure
                either, so "not worked on" is the terminal without its canceller beside the very same Chromium
chirps not heard  chirps that were lost, or bent beyond recognition
sound made up   samples that the receiver invented, silence left out, as it counts itself (Chromium's getStats; the
                terminal's and aiortc's column stays empty where they do not count)
delay added     median in bad weather less the median just before, in the same call
to 90 % of ...  after fifteen seconds at 400 kbit/s the line takes 1 Mbit/s: until a second's mean is 900 kbit/s with
                headers, at the relay's entry; 45 when it never was
first picture   all programs have been up for some seconds. Terminal: press on the bench -> drawn by the screen
                process. Chromium: click -> given to the compositor, page loaded before, one request to the room
                besides the offer. aiortc: begin -> decoded, program loaded
processor       seconds of one core in a minute of call, user and system, all processes of the guest. No probe is in it
memory          PSS of all processes of the guest: shared pages count in parts; the camera's film does not
random loss     20 ms each way besides the loss; burst: one packet in a hundred begins one, 3.3 packets long on average
jitter          0 to 300 ms more, drawn anew each tenth of a second, in order
codec           processor time of all threads for a picture of 1280x720, in the terminal's own classes and with PyAV
                alone, at 1 Mbit/s and with the same settings; upload: the copy into the memory that the screen reads
cap             500 kbit/s each way, what would wait more than 300 ms is dropped; from before the join, three windows
                long; "in mid-call": one window from the moment at which it falls on a call that had all it wanted
"""
