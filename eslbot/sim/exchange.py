"""How legs come to be: the switch calls a phone, or a phone calls the switch. Knows dial strings, phones that are
expected to answer, and what a fresh channel looks like. Does not know what a leg does once it is up."""

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from eslbot.sim.dial import DialError, parse_dial
from eslbot.sim.leg import Leg
from eslbot.sim.party import Party
from eslbot.sim.profile import Profile
from eslbot.sim.session import consume, live, ring

if TYPE_CHECKING:
    from eslbot.sim.core import Core


def expect(core: "Core", number: str, party: Party) -> None:
    """The next call to this number reaches this party."""
    core.phones.setdefault(number, deque()).append(party)


def forget(core: "Core", party: Party) -> None:
    """Nobody will call this party any more."""
    for waiting in core.phones.values():
        if party in waiting:
            waiting.remove(party)


def _phone(core: "Core", number: str) -> Party:
    waiting = core.phones.get(number)
    return waiting.popleft() if waiting else Party(rate=core.rate)


def dial(core: "Core", text: str, originator: Leg | None = None, extra: dict[str, str] | None = None) -> Leg:
    """A new outbound leg, ringing. Raises DialError."""
    wanted = parse_dial(core.expand(originator, text) if originator else text)
    if wanted.user and wanted.number not in core.phones:
        raise DialError(text, "SUBSCRIBER_ABSENT")
    number = originator.profile.destination if originator else "0000000000"
    variables = wanted.variables | (extra or {})
    profile = Profile(
        uuid=variables.get("origination_uuid") or core.new_uuid(),
        direction="outbound",
        destination=wanted.number,
        channel_name=wanted.channel_name,
        caller_name=variables.get("origination_caller_id_name", number if originator else ""),
        caller_number=variables.get("origination_caller_id_number", number),
        original_number="0000000000",
        callee_name="Outbound Call",
        callee_number=wanted.number,
        ani="0000000000",
    )
    own = {
        "direction": "outbound",
        "is_outbound": "true",
        "channel_name": wanted.channel_name,
        "sip_destination_url": f"sip:{wanted.number}@127.0.0.1",
        "sip_to_user": wanted.number,
        "originate_endpoint": "sofia",
    }
    if originator is not None:
        call = originator.variables.get("call_uuid", originator.uuid)
        own |= {"originator": originator.uuid, "originating_leg_uuid": originator.uuid, "call_uuid": call}
    leg = _add(core, profile, _phone(core, wanted.number), own | variables, originator)
    leg.thread = live(leg, ring, consume)
    return leg


def flip(leg: Leg) -> None:
    """An originated leg that was answered is from then on the caller (variable channel_cid_flipped)."""
    profile = leg.profile
    profile.callee_name, profile.callee_number = profile.caller_name, profile.caller_number
    profile.caller_name = profile.caller_number = profile.destination
    leg.variables["channel_cid_flipped"] = "yes"


def arrive(
    core: "Core", party: Party, destination: str, caller: str, user: str, name: str, extra: dict[str, str]
) -> Leg:
    """A new inbound leg from a phone, on its way into the dialplan. `user`: as whom it has authenticated; `name`: its
    display name; `extra`: variables that come with it (switch_r_sdp)."""
    channel = f"sofia/internal/{caller}@127.0.0.1"
    name = name or caller
    profile = Profile(
        uuid=core.new_uuid(),
        direction="inbound",
        destination=destination,
        channel_name=channel,
        caller_name=name,
        caller_number=caller,
        original_name=name,
        original_number=caller,
        network="127.0.0.1",
        ani=caller,
        username=caller,
        dialplan="XML",
        source="mod_sofia",
    )
    own = {
        "direction": "inbound",
        "channel_name": channel,
        "sip_from_user": caller,
        "sip_from_display": name,
        "sip_to_user": destination,
        "sip_req_user": destination,
        "sip_network_ip": "127.0.0.1",
    }
    if user:
        own |= {"sip_authorized": "true", "sip_auth_username": user, "user_name": user, "domain_name": "127.0.0.1"}
    leg = _add(core, profile, party, own | extra)
    leg.thread = live(leg, core.routed)
    return leg


def _add(core: "Core", profile: Profile, party: Party, variables: dict[str, str], originator: Leg | None = None) -> Leg:
    core.sessions += 1
    session = {"uuid": profile.uuid, "call_uuid": profile.uuid, "session_id": str(core.sessions)}
    leg = Leg(core, profile, party, session | variables, core.sessions)
    leg.mark("Profile-Created")
    leg.mark("Channel-Created")
    if originator is not None:
        leg.originator, leg.other_profile, leg.other_type = originator.uuid, replace(originator.profile), "originator"
    core.legs[profile.uuid] = leg
    leg.fire("CHANNEL_CREATE")
    return leg
