### Somali. Short sentences, plain words, one request at a time.
### No native reader has checked these words yet.

## What a press does now. One line.
press-nothing = Uma baahnid inaad riixdo.
press-look_again = Riix oo isku day mar kale
press-practise = Riix oo tijaabi shaashadda
press-finish_practice = Riix markaad dhammayso
press-connect = Riix oo isku xir
press-join = Riix markaad diyaar tahay
press-pause = Riix si loo hakiyo
press-resume = Riix si aad u sii waddo
press-try_now = Riix oo hadda isku day
press-try_video = Riix oo tijaabi fiidiyow
press-test_again = Riix oo isku day mar kale

## The day
part-night = habeen
part-morning = subax
part-forenoon = barqo
part-afternoon = galab
part-evening = fiid
today = maanta
tomorrow = berri

## Screens
starting = Way bilaabmaysaa.
starting-detail = Wax yar sug.

no-network = Shabakad ma jirto.
no-network-detail = Fiilada si fiican u geli.
no-network-looking = Shabakad baan raadinaynaa.

unassigned = Lama amaahin.
unassigned-detail = Lambar { $serial }
accepted = Waa la aqbalay.
code = Koodka { $code }
not-accepted = Weli diyaar ma aha.
setup-card = Kaarka mar kale samee.
setup-clock = Saacaddu waa khaldan tahay.
setup-part = Cillad: { $part }
wiped = Waa la tirtiray.

idle =
    Maanta
    ballan
    ma jirto.

scheduled = Ballanta xigta
scheduled-at = { $time }
attend = Kaalay cisbitaalka.
prepare = Qor su’aalaha iyo daawooyinka.

remind =
    Ballantu way
    bilaabmaysaa
remind-begun =
    Ballantu way
    bilaabatay
remind-at = { $time }
remind-no-room = Ballantaadu waa { $time }.
remind-no-room-detail = Markaas na soo wac.

check = Wax cod dheer ku dheh.
check-detail = Halkan iska arag.
check-heard = Wax walba waa hagaag.
check-heard-detail = Si fiican baan kuu maqalnay.
check-not-heard = Waan ku maqli weynay.
check-not-heard-detail = Na soo wac, waan ku caawin.
check-no-picture = Sawirku ma shaqaynayo.
check-no-picture-detail = Na soo wac, waan ku caawin.
check-covered = Kamarada waa xiran.
check-covered-detail = Ka qaad.
check-dark = Waa mugdi.
check-dark-detail = Shid nalka.
check-backlit = Iftiin baa gadaal ah.
check-backlit-detail = U jeeso iftiinka.
check-too-bright = Iftiinku waa badan yahay.
check-too-bright-detail = Dami nalka.
check-noisy = Buuq badan baa jira.
check-noisy-detail = Dami raadiyaha iyo TV-ga.
check-no-echo = Codkeenna ma maqalno.
check-no-echo-detail = Codka kor u qaad.
check-hot = Aad bay u kulushahay.
check-hot-detail = Ka fogee kulaylka.
check-weak-power = Koronto yar.
check-weak-power-detail = Isticmaal dabka la socday.

letter = Waan akhrinnay.
letter-detail = Ballantaadu waa diyaar.
letter-strange = Warqaddu nagama iman.

wifi = Shabakad Wi-Fi.
wifi-detail = Waan ku xirmi karnaa.
wifi-failed = Waan xirmi waynay.
wifi-password = Furaha sirta waa khaldan.
wifi-not-found = Shabakaddu way fog tahay.
wifi-login = Shabakaddu gelitaan bay rabtaa.

joining = Waa la isku xirayaa.
joining-again = Waan ku celinaynaa.
joining-detail = Wax yar bay qaadanaysaa.

waiting = Waa qolka sugitaanka.
waiting-detail = Waa laguu imanayaa.
rule-quiet_place = Fadhiiso meel aan lagu maqlayn.
rule-telephone = Telefoonka agtaada dhig, codka dami.
rule-somebody_comes = Haddii qof soo galo, riix.
rule-no_recording = Qofna ma duubayo hadalka.
rule-identification = Waxaad weydiin kartaa aqoonsi.
rule-unseen = Sheeg waxaan kamaraddu arkin.

people = { $count ->
    [one] { $count } qof
   *[other] { $count } qof
}
muted-by-host = Codkaaga waa la damiyey.
broken-camera = Kamaraddu ma shaqaynayso.
broken-microphone = Makarafoonku ma shaqaynayo.
broken-speaker = Sameecaddu ma shaqaynayso.
broken-button = Badhanku ma shaqaynayo.
frozen = Muuqaalku waa istaagay, sug.
loudspeaker-off = Codka waa damsan yahay.
poor-incoming = Muuqaalka iyo codku ma fiicna.
poor-outgoing = Si fiican laguuma maqlo.
poor-both = Xiriirku hadda waa liitaa.
arrived = Waxaa yimid { $name }
steered = Kamaradda waa la hagayaa
recorded = Waa la duubayaa
introduce = Sheeg magacaaga iyo cidda kula joogta.
identify = Kaarka tus kamaradda.
identify-detail = Waxba lama kaydinayo.

paused = Hakad
paused-detail = Qofna kuma arko mana maqlo.
paused-asking = Ma dhammayseen?
paused-asking-detail = Riix haddaad sii wadaysaan.

reconnecting = Muuqaalkii wuu baxay.
reconnecting-detail = Mar kale waa la isku xirayaa.

phone = Waa lagu soo wacayaa.
phone-detail = Telefoonka diyaarso.
phone-again = Mar kale waa { $time }.
refusal = Wax baa ka maqan ballanta.
refusal-login = Gelitaan baa loo baahan yahay.
refusal-detail = Na soo wac, waan ku caawin.
refusal-today-detail = Na soo wac ka hor { $time }.
refusal-ahead-detail = Na soo wac ka hor { $day }.

ended = Kulanku waa idlaaday.
ended-detail = Mahadsanid.
ended-invoice = Biilku boostada ayuu imanayaa.
ended-after-pause = Kulanka waa la xiray.
ended-after-pause-detail = Hakadku waa dheeraaday.
ended-too-late = Ballantii way dhaaftay.
ended-too-late-detail = Na soo wac, ballan cusub qabso.

fault-camera = Kamaraddu ma shaqaynayso.
fault-microphone = Makarafoonku ma shaqaynayo.
fault-speaker = Sameecaddu ma shaqaynayso.
fault-button = Badhanku ma shaqaynayo.
fault-detail = Na soo wac, waan ku caawin.

open-until = Wuu furan yahay ilaa { $time }
opens-today = Furmaya { $time }
opens-day = Furmaya { $day }, { $time }
opens-on = Furmaya { $day }
closed = Hadda waa xiran
worse = Degdeg 116 117, khatar 113

## Signs and labels
level-heard = Waa la maqlay
level-silent = Wax dheh

## Only spoken
speech-remind = Dhowaan waa markaaga.
