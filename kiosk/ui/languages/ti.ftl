### Tigrinya. Short sentences, plain words, one request at a time; the polite form throughout.
### No native reader has checked these words yet.

## What a press does now. One line.
press-nothing = ምጥዋቕ ኣየድልን።
press-look_again = ደጊምኩም ንምፍታን ጠውቑ
press-practise = ስክሪን ንምፍታን ጠውቑ
press-finish_practice = ምስ ወዳእኩም ጠውቑ
press-connect = ንምርኻብ ጠውቑ
press-join = ምስ ተዳለኹም ጠውቑ
press-pause = ንዕረፍቲ ጠውቑ
press-resume = ንምቕጻል ጠውቑ
press-try_now = ሕጂ ንምፍታን ጠውቑ
press-try_video = ቪድዮ ንምፍታን ጠውቑ
press-test_again = ደጊምኩም ንምፍታን ጠውቑ

## The day
part-night = ለይቲ
part-morning = ንግሆ
part-forenoon = ረፋድ
part-afternoon = ድሕሪ ቀትሪ
part-evening = ምሸት
today = ሎሚ
tomorrow = ጽባሕ

## Screens
starting = ይጅምር ኣሎ።
starting-detail = ቁሩብ ተጸበዩ።

no-network = መርበብ የለን።
no-network-detail = ገመድ ኣጽኒዕኩም ኣእትዉ።
no-network-looking = መርበብ ንደሊ ኣለና።

unassigned = ኣይተለቀሐን።
unassigned-detail = ቁጽሪ { $serial }
accepted = ተቐቢሉ።
code = ኮድ { $code }
not-accepted = ገና ኣይተዳለወን።
setup-card = ካርዲ እንደገና ይሰራሕ።
setup-clock = ሰዓት ጌጋ እዩ።
setup-part = ጸገም፦ { $part }
wiped = ኩሉ ተደምሲሱ።

idle =
    ሎሚ ቆጸራ
    የለን።

scheduled = ቀጻሊ ቆጸራ
scheduled-at = ሰዓት { $time }
attend = ናብ ሆስፒታል ምጹ።
prepare = ሕቶታትን መድሃኒታትን ጽሓፉ።

remind =
    ቆጸራኹም
    ይጅምር
remind-begun =
    ቆጸራኹም
    ጀሚሩ
remind-at = ሰዓት { $time }
remind-no-room = ቆጸራኹም ሰዓት { $time } እዩ።
remind-no-room-detail = ሽዑ ደውሉልና።

check = ዓው ኢልኩም ተዛረቡ።
check-detail = ኣብዚ ንርእስኹም ትርእዩ።
check-heard = ኩሉ ይሰርሕ ኣሎ።
check-heard-detail = ጽቡቕ ጌርና ሰሚዕናኩም።
check-not-heard = ኣይሰማዕናኩምን።
check-not-heard-detail = ደውሉልና፣ ክንሕግዘኩም ኢና።
check-no-picture = ስእሊ ኣይሰርሕን ኣሎ።
check-no-picture-detail = ደውሉልና፣ ክንሕግዘኩም ኢና።
check-covered = ካሜራ ተሸፊኑ ኣሎ።
check-covered-detail = ነቲ ዝሸፈኖ ኣልግሱ።
check-dark = ጸልማት ኣሎ።
check-dark-detail = መብራህቲ ኣብርሁ።
check-backlit = ብርሃን ብድሕሬኹም ኣሎ።
check-backlit-detail = ናብ ብርሃን ገጽኩም ኩኑ።
check-too-bright = ብርሃን በዚሑ።
check-too-bright-detail = መብራህቲ ኣጥፍኡ።
check-noisy = ብዙሕ ጫውጫው ኣሎ።
check-noisy-detail = ሬድዮን ቲቪን ኣጥፍኡ።
check-no-echo = ድምጽና ኣይንሰምዕን ኣለና።
check-no-echo-detail = ድምጺ ወስኹ።
check-hot = ስክሪን ሞይቑ።
check-hot-detail = ካብ ሙቐት ኣርሕቕዎ።
check-weak-power = ኤለክትሪክ ድኹም እዩ።
check-weak-power-detail = ነቲ ምስኡ ዝመጸ ቻርጀር ተጠቐሙ።

letter = ደብዳቤኹም ኣንቢብና።
letter-detail = ቆጸራኹም ድሉው እዩ።
letter-strange = እዚ ደብዳቤ ካባና ኣይኮነን።

wifi = መርበብ Wi-Fi።
wifi-detail = ክንራኸቦ ንኽእል ኢና።
wifi-failed = ክንራኸብ ኣይከኣልናን።
wifi-password = ናይቲ ኮድ ቃል ምሕላፍ ጌጋ እዩ።
wifi-not-found = መርበብ ርሒቑ ኣሎ።
wifi-login = መርበብ ምእታው ይሓትት።

joining = ነራኽብ ኣለና።
joining-again = እንደገና ንፍትን።
joining-detail = ቁሩብ ግዜ ይወስድ።

waiting = መጸበዪ ክፍሊ ኢኹም።
waiting-detail = ሓኪም ክመጽእ እዩ።
rule-quiet_place = ሰብ ኣብ ዘይሰምዓኩም ቦታ ኮፍ በሉ።
rule-telephone = ተሌፎን ኣብ ጥቓኹም፣ ብዘይ ድምጺ።
rule-somebody_comes = ሰብ እንተ ኣትዩ ጠውቑ።
rule-no_recording = ነዚ ዝርርብ ዝቐድሕ የለን።
rule-identification = መለለዪኦም ክትሓቱ ትኽእሉ።
rule-unseen = ካሜራ ዘይትርእዮ ንገሩና።

people = { $count ->
    [one] { $count } ሰብ
   *[other] { $count } ሰባት
}
muted-by-host = ክሊኒክ ድምጽኹም ዓጽዩ።
broken-camera = ካሜራ ኣይሰርሕን።
broken-microphone = ማይክሮፎን ኣይሰርሕን።
broken-speaker = መጉልሒ ድምጺ ኣይሰርሕን።
broken-button = መልጎም ኣይሰርሕን።
frozen = ስእሊ ጠጠው ኢሉ፣ ተጸበዩ።
loudspeaker-off = መጉልሒ ድምጺ ተዓጽዩ ኣሎ።
poor-incoming = ስእልን ድምጽን ጽቡቕ ኣይመጽእን ኣሎ።
poor-outgoing = ጽቡቕ ኣይሰምዑኹምን ኣለዉ።
poor-both = ሕጂ መራኸቢ ድኹም እዩ።
arrived = ሕጂ ምሳና፦ { $name }
steered = ክሊኒክ ንካሜራ ይመርሕ
recorded = ይቕዳሕ ኣሎ
introduce = ስምኩምን ምሳኹም ዘሎን ንገሩ።
identify = ካርድ ናብ ካሜራ ኣርእዩ።
identify-detail = ዝዕቀብ ነገር የለን።

paused = ዕረፍቲ
paused-detail = ዝርእየኩምን ዝሰምዓኩምን የለን።
paused-asking = ወዲእኩም ዲኹም?
paused-asking-detail = ንምቕጻል ጠውቑ።

reconnecting = ስእሊ ጠፊኡ።
reconnecting-detail = እንደገና ነራኽብ ኣለና።

phone = ክሊኒክ ክድውለልኩም እዩ።
phone-detail = ተሌፎን ኣብ ጥቓኹም ግበሩ።
phone-again = ሰዓት { $time } እንደገና ንፍትን።
refusal = ንቆጸራ ዝጎደለ ነገር ኣሎ።
refusal-login = ቆጸራ መለለዪ የድልዮ።
refusal-detail = ደውሉልና፣ ክንሕግዘኩም ኢና።
refusal-today-detail = ቅድሚ ሰዓት { $time } ደውሉልና።
refusal-ahead-detail = ቅድሚ { $day } ደውሉልና።

ended = ዝርርብ ተወዲኡ።
ended-detail = የቐንየልና።
ended-invoice = ክፍሊት ብፖስጣ ክመጽእ እዩ።
ended-after-pause = ዝርርብ ተዓጽዩ።
ended-after-pause-detail = ዕረፍቲ ነዊሑ።
ended-too-late = ግዜ ቆጸራኹም ሓሊፉ።
ended-too-late-detail = ንሓድሽ ቆጸራ ደውሉልና።

fault-camera = ካሜራ ኣይሰርሕን።
fault-microphone = ማይክሮፎን ኣይሰርሕን።
fault-speaker = መጉልሒ ድምጺ ኣይሰርሕን።
fault-button = መልጎም ኣይሰርሕን።
fault-detail = ደውሉልና፣ ክንሕግዘኩም ኢና።

open-until = ክሳብ ሰዓት { $time } ክፉት
opens-today = ሰዓት { $time } ይኽፈት
opens-day = { $day } ሰዓት { $time } ይኽፈት
opens-on = { $day } ይኽፈት
closed = ሕጂ ዕጹው
worse = ሓኪም 116 117፣ ህጹጽ 113

## Signs and labels
level-heard = ንሰምዓኩም ኣለና
level-silent = ተዛረቡ

## Only spoken
speech-remind = ተራኹም ቀሪቡ ኣሎ።
