### Norsk nynorsk. Korte setningar, vanlege ord, éi oppmoding om gongen.
### Overskrifter: høgst to linjer. Alt skal kunne lesast på avstand av ein som ser dårleg.

## Kva eit trykk gjer no. Éi linje, høgst 26 teikn.
press-nothing = Du treng ikkje trykkje.
press-look_again = Trykk for å prøve igjen
press-practise = Trykk for å prøve skjermen
press-finish_practice = Trykk når du er ferdig
press-connect = Trykk for å kople til
press-join = Trykk når du er klar
press-pause = Trykk for pause
press-resume = Trykk for å halde fram
press-try_now = Trykk for å prøve no
press-try_video = Trykk for å prøve video
press-test_again = Trykk for å prøve igjen

## Dagen
part-night = natt
part-morning = morgon
part-forenoon = formiddag
part-afternoon = ettermiddag
part-evening = kveld
today = i dag
tomorrow = i morgon

## Skjermar
starting = Skjermen startar.
starting-detail = Vent litt.

no-network = Ikkje kopla til nett.
no-network-detail = Set kabelen godt inn.
no-network-looking = Vi leitar etter nettet.

unassigned = Ikkje utlånt.
unassigned-detail = Nr. { $serial }
accepted = Godkjend.
code = Kode { $code }
not-accepted = Ikkje klar til utlån.
setup-card = Kortet må lagast på nytt.
setup-clock = Klokka går feil.
setup-part = Feil: { $part }
wiped = Alt er sletta.

idle =
    Ingen time
    i dag.

scheduled = Neste time
scheduled-at = kl. { $time }
attend = Møt opp på sjukehuset.
prepare = Skriv ned spørsmål og medisinar.

remind =
    Timen din
    startar
remind-begun =
    Timen din
    byrja
remind-at = kl. { $time }
remind-no-room = Timen din er kl. { $time }.
remind-no-room-detail = Ring oss når timen byrjar.

check = Sei noko høgt.
check-detail = Du ser deg sjølv her.
check-heard = Alt verkar.
check-heard-detail = Vi høyrde deg godt.
check-not-heard = Vi høyrde deg ikkje.
check-not-heard-detail = Ring oss, så hjelper vi deg.
check-no-picture = Biletet verkar ikkje.
check-no-picture-detail = Ring oss, så hjelper vi deg.
check-covered = Noko dekkjer kameraet.
check-covered-detail = Ta bort det som er framfor.
check-dark = Det er mørkt hos deg.
check-dark-detail = Slå på ei lampe.
check-backlit = Det er lys bak deg.
check-backlit-detail = Sit med lyset framfor deg.
check-too-bright = Det er for mykje lys.
check-too-bright-detail = Slå av ei lampe.
check-noisy = Det er mykje støy.
check-noisy-detail = Slå av radio og TV.
check-no-echo = Lyden er for låg.
check-no-echo-detail = Skru opp lyden.
check-hot = Skjermen er for varm.
check-hot-detail = Flytt han bort frå varme.
check-weak-power = Straumen er for svak.
check-weak-power-detail = Bruk ladaren som følgde med.

letter = Vi har lese brevet.
letter-detail = Timen din er klar.
letter-strange = Brevet er ikkje frå oss.

wifi = Eit trådlaust nett.
wifi-detail = Vi kan kople til det.
wifi-failed = Vi fekk ikkje kontakt.
wifi-password = Koden har feil passord.
wifi-not-found = Nettet er for langt unna.
wifi-login = Nettet krev innlogging.

joining = Koplar til.
joining-again = Vi prøver igjen.
joining-detail = Det tek litt tid.

waiting = Du er i venterommet.
waiting-detail = Behandlaren kjem.
rule-quiet_place = Sit der ingen høyrer deg.
rule-telephone = Ha telefonen nær, men lydlaus.
rule-somebody_comes = Trykk for pause om nokon kjem.
rule-no_recording = Ingen gjer opptak av samtalen.
rule-identification = Du kan be om å få sjå legitimasjon.
rule-unseen = Fortel det kameraet ikkje ser.

people = { $count ->
    [one] { $count } i samtalen
   *[other] { $count } i samtalen
}
muted-by-host = Klinikken slo av lyden din.
broken-camera = Kameraet verkar ikkje.
broken-microphone = Mikrofonen verkar ikkje.
broken-speaker = Høgtalaren verkar ikkje.
broken-button = Knappen verkar ikkje.
frozen = Biletet står stille, vent litt.
loudspeaker-off = Lyden er slått av hos deg.
poor-incoming = Bilete og lyd når deg dårleg no.
poor-outgoing = Dei ser og høyrer deg dårleg no.
poor-both = Dårleg samband no.
arrived = { $name } er med no
steered = Behandlaren styrer kameraet
recorded = Opptak
introduce = Sei namnet ditt og om du er åleine.
identify = Hald kortet mot kameraet.
identify-detail = Ingenting blir lagra.

paused = Pause
paused-detail = Ingen ser eller høyrer deg.
paused-asking = Er de ferdige?
paused-asking-detail = Trykk om de vil halde fram.

reconnecting = Biletet vart borte.
reconnecting-detail = Vi koplar til igjen.

phone = Behandlaren ringjer deg.
phone-detail = Ha telefonen klar.
phone-again = Vi prøver igjen kl. { $time }.
refusal = Noko manglar for timen din.
refusal-login = Timen din krev innlogging.
refusal-detail = Ring oss, så hjelper vi deg.
refusal-today-detail = Ring oss før kl. { $time }.
refusal-ahead-detail = Ring oss før { $day }.

ended = Samtalen er slutt.
ended-detail = Takk for no.
ended-invoice = Du får rekning i posten.
ended-after-pause = Samtalen er avslutta.
ended-after-pause-detail = Pausen varte lenge.
ended-too-late = Timen din er over.
ended-too-late-detail = Ring oss om ein ny time.

fault-camera = Kameraet verkar ikkje.
fault-microphone = Mikrofonen verkar ikkje.
fault-speaker = Høgtalaren verkar ikkje.
fault-button = Knappen verkar ikkje.
fault-detail = Ring oss, så hjelper vi deg.

open-until = Ope til kl. { $time }
opens-today = Opnar kl. { $time }
opens-day = Opnar { $day } kl. { $time }
opens-on = Opnar { $day }
closed = Stengt no
worse = Legevakt 116 117, akutt 113

## Teikn og merke
level-heard = Vi høyrer deg
level-silent = Sei noko

## Berre sagt høgt
speech-remind = Det er snart din tur.
