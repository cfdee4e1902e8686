"""How calls end, whether the closing is heard, what the switch answers to odd commands. Data, like tables.py."""

from dataclasses import dataclass

from tests.conformance.rig import Role
from tests.conformance.tables import MUTE_CUSTOMER_WRITE


@dataclass(frozen=True, slots=True)
class Closing:
    """How the call ends, and whether the customer hears the closing."""

    name: str
    ends: str
    """`hang up`: the agent does; else a command."""
    played: bool
    armed: str = "uuid_setvar {customer} transfer_after_bridge eslbot_closing:XML:default"
    before: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    """Of the customer's leg."""
    firsts: tuple[Role, ...] = ("agent", "customer")
    prompt: str = "closing"


CLOSINGS = (
    Closing("the agent hangs up", "hang up", True),
    Closing("we kill the agent's leg", "uuid_kill {agent} CALL_REJECTED", True),
    Closing("not armed", "hang up", False, armed=""),
    Closing("disarmed again", "hang up", False, before=("uuid_setvar {customer} transfer_after_bridge",)),
    Closing("we transfer the customer", "uuid_transfer {customer} eslbot_closing XML default", True, armed=""),
    Closing(
        "armed where the call was placed",
        "hang up",
        True,
        armed="",
        variables=(("transfer_after_bridge", "eslbot_closing:XML:default"),),
    ),
    Closing("in another language", "hang up", True, variables=(("eslbot_language", "en"),), prompt="english"),
    Closing("in a language that is a path", "hang up", True, variables=(("eslbot_language", "../en"),)),
    Closing("the customer is muted at that moment", "hang up", True, before=(MUTE_CUSTOMER_WRITE,)),
    Closing("hangup_after_bridge is set", "hang up", True, variables=(("hangup_after_bridge", "true"),)),
    Closing(
        "hangup_after_bridge is explicit",
        "hang up",
        False,
        variables=(("hangup_after_bridge", "explicit"),),
        firsts=("customer",),
    ),
    Closing("in a language nobody rendered", "hang up", False, variables=(("eslbot_language", "xx"),)),
    Closing("park_after_bridge is set", "hang up", False, variables=(("park_after_bridge", "true"),)),
)

LEVELS = {
    # what follows `uuid_audio {customer} start write`, how much of the agent's tone the customer then hears
    "level -4": 0.2, "level -3": 0.4, "level -2": 0.6, "level -1": 0.8, "level 0": 1.0, "level 1": 1.3, "level 4": 4.3,
    "level -5": 1.0, "level 5": 1.0, "level x": 1.0, "mute -4": 0.0, "mute -1": 0.0, "mute 0": 1.0, "mute x": 1.0,
}  # fmt: skip
"""All are answered with +OK, those that change nothing as well."""

REPLIES = (
    # what is asked, how the answer begins
    ("uuid_audio {customer} start write mute -4", "+OK"),
    ("uuid_audio {customer} start write mute -4", "+OK"),
    ("uuid_audio {customer} stop", "+OK"),
    ("uuid_audio {customer} stop", "+OK"),
    ("uuid_displace {agent} start {file} 0 m", "+OK"),
    ("uuid_displace {agent} start {file} 0 m", "-ERR"),
    ("uuid_displace {agent} stop {file}", "+OK"),
    ("uuid_displace {agent} stop {file}", "-ERR"),
    ("uuid_exists {agent}", "true"),
    ("uuid_exists 00000000-0000-4000-8000-000000000000", "false"),
    ("uuid_setvar {agent} eslbot_x 1", "+OK"),
    ("uuid_getvar {agent} eslbot_x", "1"),
    ("uuid_getvar {agent} eslbot_y", "_undef_"),
    ("uuid_setvar {agent} eslbot_x", "+OK"),
    ("uuid_getvar {agent} eslbot_x", "_undef_"),
    ("uuid_kill 00000000-0000-4000-8000-000000000000", "-ERR No such channel!"),
    ("uuid_audio 00000000-0000-4000-8000-000000000000 stop", "-ERR"),
    ("uuid_record {customer} start /proc/eslbot-cannot.r8", "-ERR Cannot record session!"),
    ("uuid_record {customer} stop /no/such/recording.r8", "-ERR"),
    ("sched_del eslbot-no-such-group", "+OK"),
    ("nosuchcommand", "-ERR nosuchcommand Command not found!"),
)
