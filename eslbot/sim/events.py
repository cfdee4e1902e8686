"""Events with the headers, order and spelling of the real switch (tests/vectors/wire). Makes dictionaries; knows no
socket and no subscription."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from eslbot.sim.profile import STATES
from eslbot.switch.codec import Event

if TYPE_CHECKING:
    from eslbot.sim.leg import Leg

_CALLED_FROM = {
    "BACKGROUND_JOB": ("mod_event_socket.c", "api_exec", 1580),
    "CHANNEL_ANSWER": ("switch_channel.c", "switch_channel_perform_mark_answered", 3848),
    "CHANNEL_BRIDGE": ("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", 1689),
    "CHANNEL_CREATE": ("switch_core_state_machine.c", "switch_core_session_run", 626),
    "CHANNEL_DATA": ("mod_commands.c", "uuid_dump_function", 6495),
    "CHANNEL_DESTROY": ("switch_core_session.c", "switch_core_session_perform_destroy", 1588),
    "CHANNEL_EXECUTE": ("switch_core_session.c", "switch_core_session_exec", 2949),
    "CHANNEL_EXECUTE_COMPLETE": ("switch_core_session.c", "switch_core_session_exec", 2972),
    "CHANNEL_HANGUP": ("switch_channel.c", "switch_channel_perform_hangup", 3447),
    "CHANNEL_HANGUP_COMPLETE": ("switch_core_state_machine.c", "switch_core_session_reporting_state", 943),
    "CHANNEL_HOLD": ("switch_ivr.c", "switch_ivr_hold", 1558),
    "CHANNEL_PARK": ("switch_ivr.c", "switch_ivr_park", 1002),
    "CHANNEL_PROGRESS": ("switch_channel.c", "switch_channel_perform_mark_ring_ready_value", 3507),
    "CHANNEL_PROGRESS_MEDIA": ("switch_channel.c", "switch_channel_perform_mark_pre_answered", 3562),
    "CHANNEL_UNBRIDGE": ("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", 1879),
    "CHANNEL_UNHOLD": ("switch_ivr.c", "switch_ivr_unhold", 1638),
    "CUSTOM": ("mod_audio_fork.c", "responseHandler", 22),
    "DTMF": ("switch_channel.c", "switch_channel_dequeue_dtmf", 678),
    "HEARTBEAT": ("switch_core.c", "send_heartbeat", 95),
    "MEDIA_BUG_START": ("switch_core_media_bug.c", "switch_core_media_bug_add", 1014),
    "MEDIA_BUG_STOP": ("switch_core_media_bug.c", "switch_core_media_bug_destroy", 84),
    "PLAYBACK_START": ("switch_ivr_play_say.c", "switch_ivr_play_file", 1649),
    "PLAYBACK_STOP": ("switch_ivr_play_say.c", "switch_ivr_play_file", 2023),
    "RECORD_START": ("switch_ivr_async.c", "record_callback", 1482),
    "RECORD_STOP": ("switch_ivr_async.c", "send_record_stop_event", 1241),
}
_WITHOUT_VARIABLES = {"DTMF"}
_OWN_FIRST = {"CHANNEL_BRIDGE", "CHANNEL_UNBRIDGE", "MEDIA_BUG_START", "MEDIA_BUG_STOP", "CHANNEL_HANGUP_COMPLETE"}
"""Events whose own headers stand before the channel's; in the others they stand after."""


def stamp(core: str, name: str, hostname: str, sequence: int, now: float, subclass: str = "") -> Event:
    """The headers every event begins with. `now`: seconds since the epoch."""
    at = datetime.fromtimestamp(now, UTC)
    file, function, line = _CALLED_FROM.get(name, ("switch_event.c", "switch_event_fire", 1))
    headers: Event = {"Event-Subclass": subclass} if subclass else {}
    return headers | {
        "Event-Name": name,
        "Core-UUID": core,
        "FreeSWITCH-Hostname": hostname,
        "FreeSWITCH-Switchname": hostname,
        "FreeSWITCH-IPv4": "127.0.0.1",
        "FreeSWITCH-IPv6": "::1",
        "Event-Date-Local": at.strftime("%Y-%m-%d %H:%M:%S"),
        "Event-Date-GMT": at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "Event-Date-Timestamp": str(round(now * 1e6)),
        "Event-Calling-File": file,
        "Event-Calling-Function": function,
        "Event-Calling-Line-Number": str(line),
        "Event-Sequence": str(sequence),
    }


def of_leg(leg: "Leg", name: str, own: dict[str, str]) -> Event:
    """A leg's headers and the event's own ones."""
    cause = {"Hangup-Cause": leg.cause} if leg.cause else {}
    state: Event = {
        "Channel-State": leg.state,
        "Channel-Call-State": leg.call_state,
        "Channel-State-Number": str(STATES[leg.state]),
        "Channel-Name": leg.profile.channel_name,
        "Unique-ID": leg.uuid,
        "Call-Direction": leg.profile.direction,
        "Presence-Call-Direction": leg.profile.direction,
        "Channel-HIT-Dialplan": "false" if leg.originator else "true",
        "Channel-Call-UUID": leg.variables.get("call_uuid", leg.uuid),
        "Answer-State": leg.answer_state,
        **cause,
    }
    if leg.profile.times.get("Channel-Answered"):
        for way in ("Read", "Write"):
            state[f"Channel-{way}-Codec-Name"] = leg.codec
            state[f"Channel-{way}-Codec-Rate"] = str(leg.rate)
            state[f"Channel-{way}-Codec-Bit-Rate"] = str(leg.rate * (8 if leg.codec == "PCMU" else 16))
    state |= leg.profile.headers("Caller")
    if leg.other_profile is not None:
        state["Other-Type"] = leg.other_type
        state |= leg.other_profile.headers("Other-Leg")
    if name not in _WITHOUT_VARIABLES:
        state |= {f"variable_{variable}": value for variable, value in leg.variables.items()}
    if name == "CHANNEL_HANGUP_COMPLETE":
        own = cause | own
    return {**own, **state} if name in _OWN_FIRST else {**state, **own}


def row(leg: "Leg", hostname: str) -> dict[str, str]:
    """A row of `show channels as json`."""
    profile, created = leg.profile, leg.profile.times.get("Channel-Created", 0) / 1e6
    answered = bool(profile.times.get("Channel-Answered"))
    codec = {"codec": leg.codec, "rate": str(leg.rate), "bit_rate": str(leg.rate * (8 if leg.codec == "PCMU" else 16))}
    coded = {f"{way}_{name}": value if answered else "" for way in ("read", "write") for name, value in codec.items()}
    return {
        "uuid": leg.uuid,
        "direction": profile.direction,
        "created": datetime.fromtimestamp(created, UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "created_epoch": str(int(created)),
        "name": profile.channel_name,
        "state": leg.state,
        "cid_name": profile.caller_name,
        "cid_num": profile.caller_number,
        "ip_addr": profile.network,
        "dest": profile.destination,
        "application": leg.variables.get("current_application", ""),
        "application_data": leg.variables.get("current_application_data", ""),
        "dialplan": profile.dialplan,
        "context": profile.context,
        **coded,
        "secure": "",
        "hostname": hostname,
        "presence_id": "",
        "presence_data": "",
        "accountcode": "",
        "callstate": leg.call_state,
        "callee_name": profile.callee_name,
        "callee_num": profile.callee_number,
        "callee_direction": "SEND" if answered else "",
        "call_uuid": leg.variables.get("call_uuid", leg.uuid),
        "sent_callee_name": profile.callee_name,
        "sent_callee_num": profile.callee_number,
        "initial_cid_name": profile.original_name,
        "initial_cid_num": profile.original_number,
        "initial_ip_addr": "",
        "initial_dest": profile.destination,
        "initial_dialplan": profile.dialplan,
        "initial_context": profile.context,
    }
