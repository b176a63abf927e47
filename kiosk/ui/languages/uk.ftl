### Ukrainian. Short sentences, plain words, one request at a time; the polite form throughout.
### No native reader has checked these words yet.

## What a press does now. One line.
press-nothing = Натискати не потрібно.
press-look_again = Натисніть, щоб повторити
press-practise = Натисніть для перевірки
press-finish_practice = Натисніть, щоб закінчити
press-connect = Натисніть для зв’язку
press-join = Натисніть, коли готові
press-pause = Натисніть: пауза
press-resume = Натисніть, щоб продовжити
press-try_now = Натисніть для спроби
press-try_video = Натисніть для відео
press-test_again = Натисніть, щоб повторити

## The day
part-night = ніч
part-morning = ранок
part-forenoon = до обіду
part-afternoon = після обіду
part-evening = вечір
today = сьогодні
tomorrow = завтра

## Screens
starting = Екран вмикається.
starting-detail = Зачекайте трохи.

no-network = Немає мережі.
no-network-detail = Щільно вставте кабель.
no-network-looking = Шукаємо мережу.

unassigned = Не видано.
unassigned-detail = № { $serial }
accepted = Прийнято.
code = Код { $code }
not-accepted = Ще не готово.
setup-card = Картку треба зробити знову.
setup-clock = Годинник іде неправильно.
setup-part = Несправність: { $part }
wiped = Усе стерто.

idle =
    Сьогодні
    немає
    прийому.

scheduled = Наступний прийом
scheduled-at = о { $time }
attend = Прийдіть до лікарні.
prepare = Запишіть питання й ліки.

remind =
    Ваш прийом
    почнеться
remind-begun =
    Ваш прийом
    почався
remind-at = о { $time }
remind-no-room = Ваш прийом о { $time }.
remind-no-room-detail = Подзвоніть нам у цей час.

check = Скажіть щось уголос.
check-detail = Тут ви бачите себе.
check-heard = Усе працює.
check-heard-detail = Ми добре вас чули.
check-not-heard = Ми вас не почули.
check-not-heard-detail = Подзвоніть, і ми допоможемо.
check-no-picture = Зображення не працює.
check-no-picture-detail = Подзвоніть, і ми допоможемо.
check-covered = Щось закриває камеру.
check-covered-detail = Заберіть це.
check-dark = У вас темно.
check-dark-detail = Увімкніть лампу.
check-backlit = Світло позаду вас.
check-backlit-detail = Сядьте обличчям до світла.
check-too-bright = Забагато світла.
check-too-bright-detail = Вимкніть лампу.
check-noisy = Дуже шумно.
check-noisy-detail = Вимкніть радіо й телевізор.
check-no-echo = Ми не чуємо свого звуку.
check-no-echo-detail = Зробіть звук гучнішим.
check-hot = Екран перегрівся.
check-hot-detail = Поставте його далі від тепла.
check-weak-power = Живлення заслабке.
check-weak-power-detail = Візьміть зарядку з комплекту.

letter = Ми прочитали лист.
letter-detail = Ваш прийом готовий.
letter-strange = Цей лист не від нас.

wifi = Мережа Wi-Fi.
wifi-detail = Ми можемо підключитися.
wifi-failed = Зв’язку немає.
wifi-password = У коді неправильний пароль.
wifi-not-found = Мережа занадто далеко.
wifi-login = Мережа вимагає входу.

joining = З’єднуємося.
joining-again = Пробуємо ще раз.
joining-detail = Це займе трохи часу.

waiting = Ви в залі очікування.
waiting-detail = Вас скоро приймуть.
rule-quiet_place = Сядьте там, де вас не чують.
rule-telephone = Телефон поруч, але без звуку.
rule-somebody_comes = Якщо хтось увійде, натисніть.
rule-no_recording = Розмову ніхто не записує.
rule-identification = Можете попросити посвідчення.
rule-unseen = Скажіть, чого не видно камері.

people = { $count ->
    [one] { $count } особа
    [few] { $count } особи
    [many] { $count } осіб
   *[other] { $count } особи
}
muted-by-host = Клініка вимкнула ваш звук.
broken-camera = Камера не працює.
broken-microphone = Мікрофон не працює.
broken-speaker = Динамік не працює.
broken-button = Кнопка не працює.
frozen = Картинка завмерла, чекайте.
loudspeaker-off = У вас вимкнено звук.
poor-incoming = Картинка і звук ідуть погано.
poor-outgoing = Вас погано видно й чути.
poor-both = Зараз поганий зв’язок.
arrived = { $name } уже з вами
steered = Камерою керує клініка
recorded = Запис
introduce = Назвіться і скажіть, чи ви самі.
identify = Покажіть картку камері.
identify-detail = Нічого не зберігається.

paused = Пауза
paused-detail = Вас ніхто не бачить і не чує.
paused-asking = Ви закінчили?
paused-asking-detail = Натисніть, щоб продовжити.

reconnecting = Картинка зникла.
reconnecting-detail = З’єднуємося знову.

phone = Клініка вам подзвонить.
phone-detail = Тримайте телефон поруч.
phone-again = Спробуємо знову о { $time }.
refusal = Для прийому чогось бракує.
refusal-login = Потрібно ввійти в систему.
refusal-detail = Подзвоніть, і ми допоможемо.
refusal-today-detail = Подзвоніть до { $time }.
refusal-ahead-detail = Дзвоніть раніше, ніж { $day }.

ended = Розмову закінчено.
ended-detail = Дякуємо.
ended-invoice = Рахунок надійде поштою.
ended-after-pause = Розмову завершено.
ended-after-pause-detail = Пауза тривала довго.
ended-too-late = Час прийому минув.
ended-too-late-detail = Подзвоніть щодо нового часу.

fault-camera = Камера не працює.
fault-microphone = Мікрофон не працює.
fault-speaker = Динамік не працює.
fault-button = Кнопка не працює.
fault-detail = Подзвоніть, і ми допоможемо.

open-until = Відкрито до { $time }
opens-today = Відкриють о { $time }
opens-day = Відкриють: { $day }, { $time }
opens-on = Відкриють: { $day }
closed = Зараз зачинено
worse = Терміново 116 117, швидка 113

## Signs and labels
level-heard = Ми вас чуємо
level-silent = Скажіть щось

## Only spoken
speech-remind = Скоро ваша черга.
