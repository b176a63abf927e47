"""Which coroutine does which activity."""

from kiosk.consultation.activities import (
    Activity,
    Capture,
    CheckJoin,
    CheckRoom,
    Chime,
    Examine,
    HoldCall,
    JoinWifi,
    KeepVolume,
    Listen,
    PollAppointments,
    RunSelfCheck,
    SendDetail,
    Speak,
    StayPaused,
    TryLine,
    WatchDevices,
    WatchHealth,
    WatchNetwork,
)
from kiosk.engine.capture import capture
from kiosk.engine.check_join import check_join
from kiosk.engine.check_room import check_room
from kiosk.engine.chime import play_chime
from kiosk.engine.engine import Post
from kiosk.engine.examine import examine
from kiosk.engine.hold_call import hold_call
from kiosk.engine.house import House
from kiosk.engine.join_wifi import join_wifi
from kiosk.engine.keep_volume import keep_volume
from kiosk.engine.listen import listen
from kiosk.engine.self_check import self_check
from kiosk.engine.send_detail import send_detail
from kiosk.engine.speak import speak
from kiosk.engine.stay_paused import stay_paused
from kiosk.engine.try_line import try_line
from kiosk.engine.watch import poll_appointments, watch_devices, watch_health, watch_network


async def perform(activity: Activity, house: House, post: Post) -> None:
    """Do it until it is done or cancelled."""
    match activity:
        case HoldCall():
            await hold_call(activity, house, post)
        case Capture():
            await capture(activity, house, post)
        case Listen():
            await listen(activity, house, post)
        case SendDetail():
            await send_detail(activity, house)
        case StayPaused():
            await stay_paused(activity, house)
        case Chime():
            play_chime(activity, house)
        case Examine():
            await examine(house, post)
        case TryLine():
            await try_line(house)
        case KeepVolume():
            await keep_volume(activity, house)
        case Speak():
            await speak(activity, house)
        case RunSelfCheck():
            await self_check(activity, house, post)
        case JoinWifi():
            await join_wifi(activity, house, post)
        case WatchNetwork():
            await watch_network(house, post)
        case WatchDevices():
            await watch_devices(house, post)
        case WatchHealth():
            await watch_health(house, post)
        case PollAppointments():
            await poll_appointments(house, post)
        case CheckJoin():
            await check_join(activity, house, post)
        case CheckRoom():
            await check_room(activity, house, post)
