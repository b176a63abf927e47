### Arabic. Short sentences, plain words, one request at a time; nothing tells man from woman.
### No native reader has checked these words yet.

## What a press does now. One line.
press-nothing = لا حاجة إلى الضغط.
press-look_again = يرجى الضغط للمحاولة مجددا
press-practise = يرجى الضغط لتجربة الشاشة
press-finish_practice = يرجى الضغط عند الانتهاء
press-connect = يرجى الضغط للتوصيل
press-join = يرجى الضغط عند الاستعداد
press-pause = الضغط للتوقف
press-resume = يرجى الضغط للمتابعة
press-try_now = يرجى الضغط للمحاولة الآن
press-try_video = يرجى الضغط لتجربة الفيديو
press-test_again = يرجى الضغط للمحاولة مجددا

## The day
part-night = ليلا
part-morning = صباحا
part-forenoon = قبل الظهر
part-afternoon = بعد الظهر
part-evening = مساء
today = اليوم
tomorrow = غدا

## Screens
starting = يجري تشغيل الشاشة.
starting-detail = يرجى الانتظار قليلا.

no-network = لا اتصال بالشبكة.
no-network-detail = يرجى إدخال الكابل جيدا.
no-network-looking = نبحث عن الشبكة.

unassigned = الجهاز غير معار.
unassigned-detail = رقم { $serial }
accepted = تمت الموافقة.
code = الرمز { $code }
not-accepted = الجهاز غير جاهز.
setup-card = يجب إعداد البطاقة من جديد.
setup-clock = الساعة غير صحيحة.
setup-part = خلل: { $part }
wiped = تم مسح كل شيء.

idle =
    لا موعد
    اليوم.

scheduled = الموعد القادم
scheduled-at = الساعة { $time }
attend = يرجى الحضور إلى المستشفى.
prepare = يرجى كتابة الأسئلة والأدوية.

remind =
    موعدك
    يبدأ
remind-begun =
    موعدك
    بدأ
remind-at = الساعة { $time }
remind-no-room = موعدك الساعة { $time }.
remind-no-room-detail = يرجى الاتصال بنا عندئذ.

check = يرجى التكلم بصوت عال.
check-detail = هذه صورتك.
check-heard = كل شيء يعمل.
check-heard-detail = سمعناك جيدا.
check-not-heard = لم نسمعك.
check-not-heard-detail = يرجى الاتصال بنا لنساعدك.
check-no-picture = الصورة لا تعمل.
check-no-picture-detail = يرجى الاتصال بنا لنساعدك.
check-covered = شيء ما يغطي الكاميرا.
check-covered-detail = يرجى إبعاده.
check-dark = المكان مظلم.
check-dark-detail = يرجى تشغيل مصباح.
check-backlit = الضوء خلفك.
check-backlit-detail = يرجى الجلوس والضوء أمامك.
check-too-bright = الضوء قوي جدا.
check-too-bright-detail = يرجى إطفاء مصباح.
check-noisy = هناك ضجيج كثير.
check-noisy-detail = يرجى إطفاء الراديو والتلفاز.
check-no-echo = لا نسمع صوت الجهاز.
check-no-echo-detail = يرجى رفع الصوت.
check-hot = الشاشة ساخنة جدا.
check-hot-detail = يرجى إبعادها عن الحرارة.
check-weak-power = الكهرباء ضعيفة جدا.
check-weak-power-detail = يرجى استخدام الشاحن المرفق.

letter = قرأنا رسالتك.
letter-detail = موعدك جاهز.
letter-strange = هذه الرسالة ليست منا.

wifi = شبكة لاسلكية.
wifi-detail = يمكننا الاتصال بها.
wifi-failed = تعذر الاتصال بالشبكة.
wifi-password = كلمة المرور في الرمز خاطئة.
wifi-not-found = الشبكة بعيدة جدا.
wifi-login = الشبكة تطلب تسجيل الدخول.

joining = يجري الاتصال.
joining-again = نحاول مرة أخرى.
joining-detail = يستغرق ذلك لحظات.

waiting = أنت في غرفة الانتظار.
waiting-detail = سنستقبلك قريبا.
rule-quiet_place = يرجى الجلوس حيث لا يسمعك أحد.
rule-telephone = الهاتف قريب منك وصامت.
rule-somebody_comes = إذا دخل أحد، يرجى الضغط.
rule-no_recording = لا أحد يسجل المكالمة.
rule-identification = يمكنك طلب رؤية بطاقة الهوية.
rule-unseen = يرجى ذكر ما لا تراه الكاميرا.

people = { $count ->
    [one] شخص واحد
    [two] شخصان
    [few] { $count } أشخاص
    [many] { $count } شخصا
   *[other] { $count } شخص
}
muted-by-host = أوقفت العيادة صوتك.
broken-camera = الكاميرا لا تعمل.
broken-microphone = الميكروفون لا يعمل.
broken-speaker = مكبر الصوت لا يعمل.
broken-button = الزر لا يعمل.
frozen = الصورة متوقفة، يرجى الانتظار.
loudspeaker-off = مكبر الصوت مغلق.
poor-incoming = الصورة والصوت يصلان بضعف.
poor-outgoing = يرونك ويسمعونك بضعف.
poor-both = الاتصال ضعيف الآن.
arrived = معنا الآن: { $name }
steered = العيادة تحرك الكاميرا
recorded = تسجيل
introduce = يرجى ذكر اسمك ومن معك.
identify = يرجى رفع البطاقة أمام الكاميرا.
identify-detail = لا يحفظ أي شيء.

paused = توقف
paused-detail = لا أحد يراك أو يسمعك.
paused-asking = هل انتهيتم؟
paused-asking-detail = إن لم تنتهوا، يرجى الضغط.

reconnecting = اختفت الصورة.
reconnecting-detail = نعيد الاتصال.

phone = ستتصل بك العيادة.
phone-detail = يرجى إبقاء الهاتف قريبا.
phone-again = نحاول مجددا الساعة { $time }.
refusal = هناك شيء ناقص للموعد.
refusal-login = الموعد يتطلب تسجيل الدخول.
refusal-detail = يرجى الاتصال بنا لنساعدك.
refusal-today-detail = يرجى الاتصال قبل الساعة { $time }.
refusal-ahead-detail = يرجى الاتصال قبل { $day }.

ended = انتهت المكالمة.
ended-detail = شكرا لك.
ended-invoice = تصلك الفاتورة بالبريد.
ended-after-pause = أغلقت المكالمة.
ended-after-pause-detail = استمر التوقف طويلا.
ended-too-late = انتهى وقت موعدك.
ended-too-late-detail = يرجى الاتصال لموعد جديد.

fault-camera = الكاميرا لا تعمل.
fault-microphone = الميكروفون لا يعمل.
fault-speaker = مكبر الصوت لا يعمل.
fault-button = الزر لا يعمل.
fault-detail = يرجى الاتصال بنا لنساعدك.

open-until = مفتوح حتى الساعة { $time }
opens-today = يفتح الساعة { $time }
opens-day = يفتح { $day } الساعة { $time }
opens-on = يفتح { $day }
closed = مغلق الآن
worse = طبيب 116 117، طوارئ 113

## Signs and labels
level-heard = نحن نسمعك
level-silent = يرجى التكلم

## Only spoken
speech-remind = سيحين دورك قريبا.
