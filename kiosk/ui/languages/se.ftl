### Northern Sami. Short sentences, plain words, one request at a time.
### No native reader has checked these words yet.

## What a press does now. One line.
press-nothing = It dárbbaš deaddilit.
press-look_again = Deaddil ja geahččal fas
press-practise = Deaddil ja geahččal šearpma
press-finish_practice = Deaddil go leat geargan
press-connect = Deaddil ja laktás
press-join = Deaddil go leat gearggus
press-pause = Deaddil bottu váras
press-resume = Deaddil ja joatkke
press-try_now = Deaddil ja geahččal dál
press-try_video = Deaddil ja geahččal video
press-test_again = Deaddil ja geahččal fas

## The day
part-night = idja
part-morning = iđit
part-forenoon = iđitbeaivi
part-afternoon = eahketbeaivi
part-evening = eahket
today = odne
tomorrow = ihttin

## Screens
starting = Šearbma álgá.
starting-detail = Vuordde veaháš.

no-network = Ii leat fierpmádat.
no-network-detail = Coggal kábela bures sisa.
no-network-looking = Mii ohcat fierpmádaga.

unassigned = Ii leat luoikkahuvvon.
unassigned-detail = Nr. { $serial }
accepted = Dohkkehuvvon.
code = Kodá { $code }
not-accepted = Ii leat gárvvis.
setup-card = Goarta galgá ráhkaduvvot ođđasit.
setup-clock = Diibmu lea boastut.
setup-part = Feaila: { $part }
wiped = Sihkkojuvvon.

idle =
    Odne ii leat
    diibmu.

scheduled = Boahtte diibmu
scheduled-at = dii. { $time }
attend = Boađe buohcciviessui.
prepare = Čále gažaldagaid ja dálkasiid.

remind =
    Du diibmu
    álgá
remind-begun =
    Du diibmu
    álggii
remind-at = dii. { $time }
remind-no-room = Du diibmu lea dii. { $time }.
remind-no-room-detail = Riŋge midjiide dalle.

check = Daja juoidá jitnosit.
check-detail = Dás oainnát iežat.
check-heard = Buot doaibmá.
check-heard-detail = Mii gulaimet du bures.
check-not-heard = Mii eat gullan du.
check-not-heard-detail = Riŋge, de mii veahkehat du.
check-no-picture = Govva ii doaimma.
check-no-picture-detail = Riŋge, de mii veahkehat du.
check-covered = Juoga lea kamera ovddas.
check-covered-detail = Váldde dan eret.
check-dark = Lea seavdnjat.
check-dark-detail = Cahkket lámppá.
check-backlit = Čuovga lea du duohken.
check-backlit-detail = Čohkke nu ahte čuovga lea ovddas.
check-too-bright = Lea menddo čuovgat.
check-too-bright-detail = Časkat lámppá.
check-noisy = Lea olu riedja.
check-noisy-detail = Jaskat radio ja TV.
check-no-echo = Mii eat gula iežamet jiena.
check-no-echo-detail = Loktte jiena.
check-hot = Šearbma lea báhkas.
check-hot-detail = Sirdde dan eret báhkas.
check-weak-power = Rávdnji lea heittot.
check-weak-power-detail = Geavat iežas láddejeaddji.

letter = Mii logaimet reivve.
letter-detail = Du diibmu lea gárvvis.
letter-strange = Reive ii leat mis.

wifi = Wi-Fi-fierbmi.
wifi-detail = Mii sáhttit laktit dasa.
wifi-failed = Eat ožžon oktavuođa.
wifi-password = Kodas lea boastut beassansátni.
wifi-not-found = Fierbmi lea menddo guhkkin.
wifi-login = Fierbmi gáibida sisačáliheami.

joining = Mii laktit dál.
joining-again = Mii geahččalit fas.
joining-detail = Dat ádjána veaháš.

waiting = Leat vuordinlanjas.
waiting-detail = Dikšu boahtá fargga.
rule-quiet_place = Čohkkáhala ráfálaš báikái.
rule-telephone = Doala telefovnna lahka ja jaskadin.
rule-somebody_comes = Jus muhtun boahtá, deaddil.
rule-no_recording = Ii oktage bátte ságastallama.
rule-identification = Oaččut bivdit oaidnit ID-koartta.
rule-unseen = Muital maid kamera ii oainne.

people = { $count ->
    [one] { $count } olmmoš
   *[other] { $count } olbmo
}
muted-by-host = Klinihkka jaddadii du jiena.
broken-camera = Kamera ii doaimma.
broken-microphone = Mikrofovdna ii doaimma.
broken-speaker = Jietna ii gullo.
broken-button = Boallu ii doaimma.
frozen = Govva ii lihkat, vuordde.
loudspeaker-off = Jietna lea jaddaduvvon.
poor-incoming = Govva ja jietna bohtet heittogit.
poor-outgoing = Sii gullet du heittogit dál.
poor-both = Oktavuohta lea heittot dál.
arrived = { $name } lea dál mielde
steered = Dikšu stivre kamera
recorded = Báddejuvvo
introduce = Muital iežat nama ja leatgo okto.
identify = Čájet koartta kamerai.
identify-detail = Mihkkege ii vurkejuvvo.

paused = Boddu
paused-detail = Ii oktage oainne iige gula du.
paused-asking = Lehpetgo geargan?
paused-asking-detail = Deaddil jus háliidehpet joatkit.

reconnecting = Govva jávkkai.
reconnecting-detail = Mii laktit fas.

phone = Dikšu riŋge dutnje.
phone-detail = Doala telefovnna lahka.
phone-again = Mii geahččalit fas dii. { $time }.
refusal = Juoga váilu diimmus.
refusal-login = Diibmu gáibida sisaloggema.
refusal-detail = Riŋge, de mii veahkehat du.
refusal-today-detail = Riŋge ovdal dii. { $time }.
refusal-ahead-detail = Riŋge ovdal: { $day }.

ended = Ságastallan nogai.
ended-detail = Giitu.
ended-invoice = Rehket boahtá poasttas.
ended-after-pause = Ságastallan lea nohkan.
ended-after-pause-detail = Boddu bisttii guhká.
ended-too-late = Du diibmu lea nohkan.
ended-too-late-detail = Riŋge ja bivdde ođđa diimmu.

fault-camera = Kamera ii doaimma.
fault-microphone = Mikrofovdna ii doaimma.
fault-speaker = Jietna ii gullo.
fault-button = Boallu ii doaimma.
fault-detail = Riŋge, de mii veahkehat du.

open-until = Rabas dii. { $time } rádjai
opens-today = Rahpá dii. { $time }
opens-day = Rahpá { $day } dii. { $time }
opens-on = Rahpá { $day }
closed = Dál gitta
worse = Doavttervákta 116 117, 113

## Signs and labels
level-heard = Mii gullat du
level-silent = Daja juoidá

## Only spoken
speech-remind = Fargga lea du vuorru.
