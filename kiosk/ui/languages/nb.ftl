### Norsk bokmål. Korte setninger, vanlige ord, én oppfordring om gangen.
### Overskrifter: høyst to linjer. Alt skal kunne leses på avstand av en som ser dårlig.

## Hva et trykk gjør nå. Én linje, høyst 26 tegn.
press-nothing = Du trenger ikke trykke.
press-look_again = Trykk for å prøve igjen
press-practise = Trykk for å prøve skjermen
press-finish_practice = Trykk når du er ferdig
press-connect = Trykk for å koble til
press-join = Trykk når du er klar
press-pause = Trykk for pause
press-resume = Trykk for å fortsette
press-try_now = Trykk for å prøve nå
press-try_video = Trykk for å prøve video
press-test_again = Trykk for å prøve igjen

## Dagen
part-night = natt
part-morning = morgen
part-forenoon = formiddag
part-afternoon = ettermiddag
part-evening = kveld
today = i dag
tomorrow = i morgen

## Skjermer
starting = Skjermen starter.
starting-detail = Vent litt.

no-network = Ikke koblet til nett.
no-network-detail = Sett kabelen godt inn.
no-network-looking = Vi leter etter nettet.

unassigned = Ikke utlånt.
unassigned-detail = Nr. { $serial }
accepted = Godkjent.
code = Kode { $code }
not-accepted = Ikke klar til utlån.
setup-card = Kortet må lages på nytt.
setup-clock = Klokken går feil.
setup-part = Feil: { $part }
wiped = Alt er slettet.

idle =
    Ingen time
    i dag.

scheduled = Neste time
scheduled-at = kl. { $time }
attend = Møt opp på sykehuset.
prepare = Skriv ned spørsmål og medisiner.

remind =
    Timen din
    starter
remind-begun =
    Timen din
    begynte
remind-at = kl. { $time }
remind-no-room = Timen din er kl. { $time }.
remind-no-room-detail = Ring oss når timen begynner.

check = Si noe høyt.
check-detail = Du ser deg selv her.
check-heard = Alt virker.
check-heard-detail = Vi hørte deg godt.
check-not-heard = Vi hørte deg ikke.
check-not-heard-detail = Ring oss, så hjelper vi deg.
check-no-picture = Bildet virker ikke.
check-no-picture-detail = Ring oss, så hjelper vi deg.
check-covered = Noe dekker kameraet.
check-covered-detail = Ta bort det som er foran.
check-dark = Det er mørkt hos deg.
check-dark-detail = Slå på en lampe.
check-backlit = Det er lys bak deg.
check-backlit-detail = Sitt med lyset foran deg.
check-too-bright = Det er for mye lys.
check-too-bright-detail = Slå av en lampe.
check-noisy = Det er mye støy.
check-noisy-detail = Slå av radio og TV.
check-no-echo = Lyden er for lav.
check-no-echo-detail = Skru opp lyden.
check-hot = Skjermen er for varm.
check-hot-detail = Flytt den bort fra varme.
check-weak-power = Strømmen er for svak.
check-weak-power-detail = Bruk laderen som fulgte med.

letter = Vi har lest brevet.
letter-detail = Timen din er klar.
letter-strange = Brevet er ikke fra oss.

wifi = Et trådløst nett.
wifi-detail = Vi kan koble til det.
wifi-failed = Vi fikk ikke kontakt.
wifi-password = Koden har feil passord.
wifi-not-found = Nettet er for langt unna.
wifi-login = Nettet krever innlogging.

joining = Kobler til.
joining-again = Vi prøver igjen.
joining-detail = Det tar litt tid.

waiting = Du er i venterommet.
waiting-detail = Behandleren kommer.
rule-quiet_place = Sitt der ingen hører deg.
rule-telephone = Ha telefonen nær, men lydløs.
rule-somebody_comes = Trykk for pause om noen kommer.
rule-no_recording = Ingen gjør opptak av samtalen.
rule-identification = Du kan be om å få se legitimasjon.
rule-unseen = Fortell det kameraet ikke ser.

people = { $count ->
    [one] { $count } i samtalen
   *[other] { $count } i samtalen
}
muted-by-host = Klinikken slo av lyden din.
broken-camera = Kameraet virker ikke.
broken-microphone = Mikrofonen virker ikke.
broken-speaker = Høyttaleren virker ikke.
broken-button = Knappen virker ikke.
frozen = Bildet står stille, vent litt.
loudspeaker-off = Lyden er slått av hos deg.
poor-incoming = Bilde og lyd når deg dårlig nå.
poor-outgoing = De ser og hører deg dårlig nå.
poor-both = Dårlig forbindelse nå.
arrived = { $name } er med nå
steered = Behandleren styrer kameraet
recorded = Opptak
introduce = Si navnet ditt og om du er alene.
identify = Hold kortet mot kameraet.
identify-detail = Ingenting blir lagret.

paused = Pause
paused-detail = Ingen ser eller hører deg.
paused-asking = Er dere ferdige?
paused-asking-detail = Trykk hvis dere vil fortsette.

reconnecting = Bildet ble borte.
reconnecting-detail = Vi kobler til igjen.

phone = Behandleren ringer deg.
phone-detail = Ha telefonen klar.
phone-again = Vi prøver igjen kl. { $time }.
refusal = Noe mangler for timen din.
refusal-login = Timen din krever innlogging.
refusal-detail = Ring oss, så hjelper vi deg.
refusal-today-detail = Ring oss før kl. { $time }.
refusal-ahead-detail = Ring oss før { $day }.

ended = Samtalen er slutt.
ended-detail = Takk for nå.
ended-invoice = Du får regning i posten.
ended-after-pause = Samtalen er avsluttet.
ended-after-pause-detail = Pausen varte lenge.
ended-too-late = Timen din er over.
ended-too-late-detail = Ring oss om en ny time.

fault-camera = Kameraet virker ikke.
fault-microphone = Mikrofonen virker ikke.
fault-speaker = Høyttaleren virker ikke.
fault-button = Knappen virker ikke.
fault-detail = Ring oss, så hjelper vi deg.

open-until = Åpent til kl. { $time }
opens-today = Åpner kl. { $time }
opens-day = Åpner { $day } kl. { $time }
opens-on = Åpner { $day }
closed = Stengt nå
worse = Legevakt 116 117, akutt 113

## Tegn og merker
level-heard = Vi hører deg
level-silent = Si noe

## Bare sagt høyt
speech-remind = Det er snart din tur.
