"""Which hand performs which order: the switch, or one of our own rooms. Knows every order there is and whose it is; not
how any is done."""

from collections.abc import Mapping

from eslbot.call.runner import Performer
from eslbot.model import orders
from eslbot.model.supervising import Dismiss, Follow, Ring, SetMode, TakeOver, Wait
from eslbot.service.hearing.ears import Ears
from eslbot.service.observing import Watchers
from eslbot.service.people.supervising import Supervisors

TO_THE_SWITCH = (
    orders.ArmClosing, orders.DisarmClosing, orders.PlayClosing, orders.GuardHold, orders.GuardConsult, orders.Remind,
    orders.Announce, orders.Mute, orders.Unmute, orders.HangUp, orders.SetVariables, Dismiss,
)


def performers(
    hand: Performer, reminders: Mapping[type, Performer], supervisors: Supervisors, ears: Ears,
    alert: Performer, watchers: Watchers,
) -> dict[type, Performer]:
    """By order. `hand`: the switch's; `reminders`: what stands in its place where the agent is sent a text as well."""
    return {
        **dict.fromkeys(TO_THE_SWITCH, hand),
        **reminders,
        Ring: supervisors.ring,
        SetMode: supervisors.set_mode,
        Follow: supervisors.follow_agent,
        Wait: supervisors.wait,
        TakeOver: supervisors.take_over,
        orders.Listen: ears.listen,
        orders.StopListening: ears.stop,
        orders.Mask: ears.mask,
        orders.Unmask: ears.unmask,
        orders.Alert: alert,
        orders.BookCall: watchers.book_call,
        orders.BookClosing: watchers.book_closing,
        orders.BookAct: lambda order: None,  # the watchers see it like every other order
    }
