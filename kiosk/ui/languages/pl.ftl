### Polish. Short sentences, plain words, one request at a time; nothing tells man from woman.
### No native reader has checked these words yet.

## What a press does now. One line.
press-nothing = Nie trzeba naciskać.
press-look_again = Naciśnij i spróbuj znowu
press-practise = Naciśnij i wypróbuj ekran
press-finish_practice = Naciśnij, aby zakończyć
press-connect = Naciśnij, aby połączyć
press-join = Naciśnij, aby zacząć
press-pause = Naciśnij: pauza
press-resume = Naciśnij, aby wrócić
press-try_now = Naciśnij i spróbuj teraz
press-try_video = Naciśnij i włącz wideo
press-test_again = Naciśnij i spróbuj znowu

## The day
part-night = noc
part-morning = rano
part-forenoon = do południa
part-afternoon = popołudnie
part-evening = wieczór
today = dzisiaj
tomorrow = jutro

## Screens
starting = Ekran się włącza.
starting-detail = Proszę chwilę zaczekać.

no-network = Brak połączenia.
no-network-detail = Dobrze wsuń kabel.
no-network-looking = Szukamy sieci.

unassigned = Nie wypożyczono.
unassigned-detail = Nr { $serial }
accepted = Zatwierdzono.
code = Kod { $code }
not-accepted = Jeszcze nie gotowe.
setup-card = Kartę trzeba zrobić od nowa.
setup-clock = Zegar źle chodzi.
setup-part = Błąd: { $part }
wiped = Wszystko usunięto.

idle =
    Dzisiaj
    nie ma wizyty.

scheduled = Następna wizyta
scheduled-at = o { $time }
attend = Przyjdź do szpitala.
prepare = Zapisz pytania i leki.

remind =
    Twoja wizyta
    zaczyna się
remind-begun =
    Twoja wizyta
    zaczęła się
remind-at = o { $time }
remind-no-room = Twoja wizyta jest o { $time }.
remind-no-room-detail = Zadzwoń do nas o tej porze.

check = Powiedz coś głośno.
check-detail = Tutaj widzisz siebie.
check-heard = Wszystko działa.
check-heard-detail = Dobrze Cię słychać.
check-not-heard = Nie słychać Cię.
check-not-heard-detail = Zadzwoń, a pomożemy.
check-no-picture = Obraz nie działa.
check-no-picture-detail = Zadzwoń, a pomożemy.
check-covered = Coś zasłania kamerę.
check-covered-detail = Odsuń to.
check-dark = Jest ciemno.
check-dark-detail = Włącz lampę.
check-backlit = Światło jest za Tobą.
check-backlit-detail = Usiądź twarzą do światła.
check-too-bright = Jest za dużo światła.
check-too-bright-detail = Wyłącz lampę.
check-noisy = Jest głośno.
check-noisy-detail = Wyłącz radio i telewizor.
check-no-echo = Dźwięk jest za cichy.
check-no-echo-detail = Zwiększ głośność.
check-hot = Ekran jest za gorący.
check-hot-detail = Odsuń go od ciepła.
check-weak-power = Za słabe zasilanie.
check-weak-power-detail = Użyj ładowarki z zestawu.

letter = Mamy Twój list.
letter-detail = Twoja wizyta jest gotowa.
letter-strange = Ten list nie jest od nas.

wifi = Sieć Wi-Fi.
wifi-detail = Możemy się z nią połączyć.
wifi-failed = Nie ma połączenia.
wifi-password = Hasło w kodzie jest błędne.
wifi-not-found = Sieć jest za daleko.
wifi-login = Sieć wymaga logowania.

joining = Łączymy.
joining-again = Próbujemy znowu.
joining-detail = To chwilę potrwa.

waiting = Jesteś w poczekalni.
waiting-detail = Wkrótce Cię przyjmą.
rule-quiet_place = Usiądź tam, gdzie nikt nie słyszy.
rule-telephone = Telefon miej blisko, bez dźwięku.
rule-somebody_comes = Jeśli ktoś wejdzie, naciśnij.
rule-no_recording = Nikt nie nagrywa rozmowy.
rule-identification = Możesz poprosić o legitymację.
rule-unseen = Powiedz, czego kamera nie widzi.

people = { $count ->
    [one] { $count } osoba
    [few] { $count } osoby
    [many] { $count } osób
   *[other] { $count } osoby
}
muted-by-host = Klinika wyłączyła Twój dźwięk.
broken-camera = Kamera nie działa.
broken-microphone = Mikrofon nie działa.
broken-speaker = Głośnik nie działa.
broken-button = Przycisk nie działa.
frozen = Obraz stanął, proszę czekać.
loudspeaker-off = Głośnik jest wyłączony.
poor-incoming = Obraz i dźwięk słabo docierają.
poor-outgoing = Słabo Cię widać i słychać.
poor-both = Połączenie jest teraz słabe.
arrived = { $name } jest już z nami
steered = Klinika steruje kamerą
recorded = Nagrywanie
introduce = Powiedz, kim jesteś i z kim.
identify = Pokaż kartę do kamery.
identify-detail = Nic nie jest zapisywane.

paused = Pauza
paused-detail = Nikt nie widzi ani nie słyszy.
paused-asking = Czy to już koniec?
paused-asking-detail = Jeśli nie, naciśnij.

reconnecting = Obraz zniknął.
reconnecting-detail = Łączymy ponownie.

phone = Klinika do Ciebie zadzwoni.
phone-detail = Miej telefon pod ręką.
phone-again = Spróbujemy znowu o { $time }.
refusal = Czegoś brakuje do wizyty.
refusal-login = Wizyta wymaga logowania.
refusal-detail = Zadzwoń, a pomożemy.
refusal-today-detail = Zadzwoń przed { $time }.
refusal-ahead-detail = Dzwoń, nim będzie { $day }.

ended = Rozmowa skończona.
ended-detail = Dziękujemy.
ended-invoice = Rachunek przyjdzie pocztą.
ended-after-pause = Rozmowę zakończono.
ended-after-pause-detail = Pauza trwała długo.
ended-too-late = Czas wizyty minął.
ended-too-late-detail = Zadzwoń po nowy termin.

fault-camera = Kamera nie działa.
fault-microphone = Mikrofon nie działa.
fault-speaker = Głośnik nie działa.
fault-button = Przycisk nie działa.
fault-detail = Zadzwoń, a pomożemy.

open-until = Czynne do { $time }
opens-today = Otwarcie o { $time }
opens-day = Otwarcie: { $day }, { $time }
opens-on = Otwarcie: { $day }
closed = Nieczynne
worse = Lekarz 116 117, pogotowie 113

## Signs and labels
level-heard = Słyszymy Cię
level-silent = Powiedz coś

## Only spoken
speech-remind = Wkrótce Twoja kolej.
