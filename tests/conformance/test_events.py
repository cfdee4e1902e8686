"""What the event socket says of calls: kinds, their order within a leg, who is told what, and a stranger's name."""

import json
import threading
from functools import partial

import pytest

from tests.conformance.over_socket import other
from tests.conformance.rig import Call, Event, Rig, Role
from tests.conformance.score import FIRSTS, place

BORN = ("CHANNEL_CREATE", "CHANNEL_ANSWER")
FORGED = "Bob%0AEvent-Name: CHANNEL_DESTROY"
DIED = ("CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY")


def of(events: list[Event], uuid: str, *names: str) -> list[str]:
    """The names of that leg's events, in the order they came, those in `names` only."""
    return [e["Event-Name"] for e in events if e.get("Unique-ID") == uuid and e["Event-Name"] in names]


def _destroyed(uuid: str, event: Event) -> bool:
    return bool(event["Event-Name"] == "CHANNEL_DESTROY" and event["Unique-ID"] == uuid)


def finish(rig: Rig, call: Call, since: int) -> list[Event]:
    rig.hang_up(call.agent)
    for uuid in (call.agent.uuid, call.customer.uuid):
        rig.wait(partial(_destroyed, uuid), since)
    return rig.events(since)


@pytest.mark.parametrize("first", FIRSTS)
def test_a_call_is_told_leg_by_leg_and_bridged_once(rig: Rig, first: Role) -> None:
    since = rig.mark()
    call = place(rig, first, variables={"hangup_after_bridge": "true"}).call
    events = finish(rig, call, since)
    for leg in (call.agent, call.customer):
        assert of(events, leg.uuid, *BORN, *DIED) == [*BORN, *DIED]
    bridges = [e for e in events if e["Event-Name"] == "CHANNEL_BRIDGE"]
    assert [(e["Unique-ID"], e["Other-Leg-Unique-ID"]) for e in bridges] == [
        (call.leg(first).uuid, call.leg(other(first)).uuid)
    ]
    assert len([e for e in events if e["Event-Name"] == "CHANNEL_UNBRIDGE"]) == 1


@pytest.mark.parametrize("first", FIRSTS)
def test_a_called_legs_number_is_its_destination_from_its_first_event_on(rig: Rig, first: Role) -> None:
    since = rig.mark()
    call = place(rig, first).call
    created = {e["Unique-ID"]: e for e in rig.events(since) if e["Event-Name"] == "CHANNEL_CREATE"}
    rig.clear()
    for leg in (call.agent, call.customer):
        assert created[leg.uuid]["Caller-Destination-Number"] == leg.number
        assert created[leg.uuid]["Call-Direction"] == "outbound"


def test_channel_variables_come_with_every_event_of_their_leg(rig: Rig) -> None:
    since = rig.mark()
    call = place(rig, "agent", customer_variables={"eslbot_role": "customer"}).call
    events = finish(rig, call, since)
    roles = {e["Unique-ID"]: e.get("variable_eslbot_role") for e in events if e["Event-Name"] == "CHANNEL_ANSWER"}
    assert roles == {call.agent.uuid: None, call.customer.uuid: "customer"}


@pytest.mark.parametrize(
    ("number", "cause"), [("9486", "USER_BUSY"), ("9488", "UNALLOCATED_NUMBER"), ("9487", "NO_ANSWER")]
)
def test_a_bgapi_originate_that_fails_tells_its_cause_as_a_job(rig: Rig, number: str, cause: str) -> None:
    since = rig.mark()
    connection = rig.connect()
    options = "{originate_timeout=2}"
    reply = connection.command(f"bgapi originate {options}{rig.address(number)} &park()")
    job = reply.rpartition(" ")[2]
    event = rig.wait(lambda e: e["Event-Name"] == "BACKGROUND_JOB" and e["Job-UUID"] == job, since)
    assert reply.startswith("+OK Job-UUID: ")
    assert event["_body"].strip() == f"-ERR {cause}"


def test_an_originate_that_succeeds_answers_its_job_with_the_uuid(rig: Rig) -> None:
    since = rig.mark()
    number = rig.number("supervisor", None)
    reply = rig.connect().command(f"bgapi originate {rig.address(number)} &park()")
    job = reply.rpartition(" ")[2]
    body = rig.wait(lambda e: e["Event-Name"] == "BACKGROUND_JOB" and e["Job-UUID"] == job, since)["_body"]
    rig.clear()
    assert body.startswith("+OK ")
    assert body[4:].strip() in {e["Unique-ID"] for e in rig.events(since) if e["Event-Name"] == "CHANNEL_ANSWER"}


def test_api_holds_back_the_events_of_its_own_connection_and_no_others(rig: Rig) -> None:
    slow = rig.connect()
    slow.command("event json CHANNEL_CREATE")
    since = rig.mark()
    waits = threading.Thread(target=slow.api, args=("msleep 1500",))
    waits.start()
    rig.pass_time(0.3)
    call = place(rig, "agent").call
    rig.wait(lambda e: e["Event-Name"] == "CHANNEL_CREATE" and e["Unique-ID"] == call.agent.uuid, since)
    early = any(e.get("Unique-ID") == call.agent.uuid for e in slow.events)
    waits.join()
    slow.wait(lambda e: e.get("Unique-ID") == call.agent.uuid)
    rig.clear()
    assert not early


def test_show_channels_and_uuid_dump_tell_what_is_up_after_a_reconnect(rig: Rig) -> None:
    call = place(rig, "agent", customer_variables={"eslbot_role": "customer"}).call
    rig.pass_time(0.5)
    fresh = rig.connect()
    rows = {row["uuid"]: row for row in json.loads(fresh.api("show channels as json"))["rows"]}
    dump = json.loads(fresh.api(f"uuid_dump {call.customer.uuid} json"))
    rig.clear()
    assert set(rows) == {call.agent.uuid, call.customer.uuid}
    assert {row["call_uuid"] for row in rows.values()} == {call.agent.uuid}
    assert rows[call.customer.uuid]["dest"] == call.customer.number
    assert dump["variable_eslbot_role"] == "customer"
    assert dump["Other-Leg-Unique-ID"] == call.agent.uuid
    assert json.loads(fresh.api("show channels as json")) == {"row_count": 0}


def test_nothing_of_a_strangers_name_or_sdp_becomes_a_header_in_json(rig: Rig) -> None:
    since = rig.mark()
    uuid = rig.stranger(FORGED, "a=Event-Name: CHANNEL_BRIDGE")
    event = rig.wait(lambda e: e["Event-Name"] == "CHANNEL_CREATE" and e["Unique-ID"] == uuid, since)
    rig.clear()
    assert event["Caller-Caller-ID-Name"] == "Bob\nEvent-Name: CHANNEL_DESTROY"
    assert event["Call-Direction"] == "inbound"
    assert "a=Event-Name: CHANNEL_BRIDGE" in event["variable_switch_r_sdp"]


def test_the_plain_format_cannot_tell_a_strangers_percent_from_its_own(rig: Rig) -> None:
    plain = rig.connect()
    plain.command("event plain CHANNEL_CREATE")
    rig.stranger(FORGED, "")
    rig.pass_time(0.5)
    rig.clear()
    lines = [line for body in plain.plain for line in body.splitlines() if line.startswith(b"Caller-Caller-ID-Name: ")]
    assert lines[0] == b"Caller-Caller-ID-Name: Bob%0AEvent-Name%3A%20CHANNEL_DESTROY"
