### English. Short sentences, plain words, one request at a time.
### Headlines: two lines at most. All of it must be readable from a distance by somebody with poor sight.

## What a press does now. One line, 26 characters at most.
press-nothing = No need to press.
press-look_again = Press to try again
press-practise = Press to try the screen
press-finish_practice = Press when done
press-connect = Press to connect
press-join = Press when ready
press-pause = Press to pause
press-resume = Press to continue
press-try_now = Press to try now
press-try_video = Press to try video
press-test_again = Press to try again

## The day
part-night = night
part-morning = morning
part-forenoon = morning
part-afternoon = afternoon
part-evening = evening
today = today
tomorrow = tomorrow

## Screens
starting = Starting up.
starting-detail = Please wait a moment.

no-network = Not connected.
no-network-detail = Push the cable firmly in.
no-network-looking = Looking for the network.

unassigned = Not lent out.
unassigned-detail = No. { $serial }
accepted = Accepted.
code = Code { $code }
not-accepted = Not ready to be lent.
setup-card = The card must be made again.
setup-clock = The clock is wrong.
setup-part = Fault: { $part }
wiped = Everything is erased.

idle =
    No visit
    today.

scheduled = Next visit
scheduled-at = at { $time }
attend = Come to the hospital.
prepare = Write down questions and medicines.

remind =
    Your visit
    starts
remind-begun =
    Your visit
    began
remind-at = at { $time }
remind-no-room = Your visit is at { $time }.
remind-no-room-detail = Please ring us then.

check = Say something aloud.
check-detail = You can see yourself here.
check-heard = Everything works.
check-heard-detail = We heard you well.
check-not-heard = We did not hear you.
check-not-heard-detail = Ring us and we will help you.
check-no-picture = There is no picture.
check-no-picture-detail = Ring us and we will help you.
check-covered = The camera is covered.
check-covered-detail = Take away what covers it.
check-dark = It is dark.
check-dark-detail = Turn on a lamp.
check-backlit = There is light behind you.
check-backlit-detail = Turn to face the light.
check-too-bright = There is too much light.
check-too-bright-detail = Turn off a lamp.
check-noisy = It is too noisy.
check-noisy-detail = Turn off radio and TV.
check-no-echo = The sound is too low.
check-no-echo-detail = Turn the loudspeaker up.
check-hot = The screen is too hot.
check-hot-detail = Move it away from heat.
check-weak-power = The power is too weak.
check-weak-power-detail = Use the charger it came with.

letter = We read your letter.
letter-detail = Your visit is ready.
letter-strange = This letter is not ours.

wifi = A wireless network.
wifi-detail = We can connect to it.
wifi-failed = We could not connect.
wifi-password = The password is wrong.
wifi-not-found = The network is too far away.
wifi-login = The network needs a log-in.

joining = Connecting.
joining-again = Trying again.
joining-detail = It takes a moment.

waiting = This is the waiting room.
waiting-detail = They will be with you soon.
rule-quiet_place = Sit where nobody hears you.
rule-telephone = Keep your phone near, but silent.
rule-somebody_comes = Press if somebody comes in.
rule-no_recording = Nobody is recording the call.
rule-identification = You may ask to see their ID.
rule-unseen = Tell them what they cannot see.

people = { $count ->
    [one] { $count } in the call
   *[other] { $count } in the call
}
muted-by-host = The clinic has muted you.
broken-camera = The camera does not work.
broken-microphone = The microphone does not work.
broken-speaker = The loudspeaker does not work.
broken-button = The button does not work.
frozen = The picture stopped, please wait.
loudspeaker-off = Your loudspeaker is off.
poor-incoming = Picture and sound are poor.
poor-outgoing = They see and hear you badly.
poor-both = The connection is poor.
arrived = { $name } has joined
steered = The clinic moves the camera
recorded = Recording
introduce = Say your name and whether you are alone.
identify = Hold your card to the camera.
identify-detail = Nothing is kept.

paused = Paused
paused-detail = Nobody sees or hears you.
paused-asking = Are you finished?
paused-asking-detail = Press if you want to go on.

reconnecting = We lost the picture.
reconnecting-detail = We are reconnecting.

phone = The clinic will ring you.
phone-detail = Keep your phone near.
phone-again = We try again at { $time }.
refusal = Something is missing.
refusal-login = Your visit needs a log-in.
refusal-detail = Ring us and we will help you.
refusal-today-detail = Ring us before { $time }.
refusal-ahead-detail = Ring us before { $day }.

ended = The call is over.
ended-detail = Thank you.
ended-invoice = A bill will come by post.
ended-after-pause = The call has ended.
ended-after-pause-detail = The pause was long.
ended-too-late = Your visit is over.
ended-too-late-detail = Ring us for a new visit.

fault-camera = The camera does not work.
fault-microphone = The microphone does not work.
fault-speaker = The loudspeaker does not work.
fault-button = The button does not work.
fault-detail = Ring us and we will help you.

open-until = Open until { $time }
opens-today = Opens at { $time }
opens-day = Opens { $day } at { $time }
opens-on = Opens { $day }
closed = Closed now
worse = Urgent 116 117, emergency 113

## Signs and labels
level-heard = We hear you
level-silent = Say something

## Only spoken
speech-remind = It will soon be your turn.
