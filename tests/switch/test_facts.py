from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.model import facts
from eslbot.model.call import Direction, LegId
from eslbot.switch.codec import Decoder, Event, event_of
from eslbot.switch.facts import EVENTS, OPTIONAL, SUBCLASSES, TABLE, created_of, facts_of, known
from tests.switch import wire

A, B = LegId("dabe4d22-b9d8-4d1f-b002-5ef008247b5a"), LegId("63e21e88-f671-42a4-8358-31e629b1f5b1")
HONEST: Event = {
    "Event-Name": "CHANNEL_CREATE",
    "Unique-ID": A,
    "Call-Direction": "inbound",
    "Caller-Caller-ID-Number": "5551",
    "Caller-Destination-Number": "9001",
}


def replay(name: str) -> list[facts.Fact]:
    return [fact for event in wire.events(name) for fact in facts_of(event, "pbx", 7.0)]


def story(name: str) -> list[tuple[str, str]]:
    """Kind of each fact and the first letters of its leg."""
    return [(type(fact).__name__, str(getattr(fact, "uuid", getattr(fact, "a", "")))[:4]) for fact in replay(name)]


def test_an_agent_first_call_with_a_closing_is_told_as_it_went() -> None:
    assert replay("call-agent-first-json") == [
        facts.LegCreated(
            "pbx", 7.0, A, Direction.OUTBOUND, destination="1001", role="agent",
            variables=(("eslbot_agent", "1001"), ("eslbot_purpose", "marketing")),
        ),
        facts.LegAnswered("pbx", 7.0, A, 8000),
        facts.LegCreated("pbx", 7.0, B, Direction.OUTBOUND, destination="9001", role="customer", originator=A),
        facts.LegAnswered("pbx", 7.0, B, 8000),
        facts.LegsBridged("pbx", 7.0, A, B, 8000),
        facts.LegHungUp("pbx", 7.0, A, "NORMAL_CLEARING"),
        facts.PlaybackStarted("pbx", 7.0, B, "tone_stream://%(2000,0,1200)", "eslbot_closing"),
        facts.LegsUnbridged("pbx", 7.0, A, B),
        facts.LegDestroyed("pbx", 7.0, A),
        facts.PlaybackStopped("pbx", 7.0, B, "tone_stream://%(2000,0,1200)", "eslbot_closing", complete=True),
        facts.LegHungUp("pbx", 7.0, B, "NORMAL_CLEARING"),
        facts.LegDestroyed("pbx", 7.0, B),
    ]  # fmt: skip


def test_both_formats_tell_the_same_story() -> None:
    legs = {"8277": "dabe", "edd8": "63e2"}
    assert [(kind, legs[leg]) for kind, leg in story("call-agent-first-plain")] == story("call-agent-first-json")


def test_a_customer_first_call_makes_the_customer_the_a_leg() -> None:
    customer, agent = "f90d", "8879"
    created = {fact.uuid[:4]: fact for fact in replay("call-customer-first") if isinstance(fact, facts.LegCreated)}
    assert (created[customer].destination, created[agent].destination) == ("9001", "1001")
    assert created[agent].caller == ""  # the far end's caller id says nothing about this leg
    assert story("call-customer-first")[4] == ("LegsBridged", customer)
    assert story("call-customer-first")[-4:] == [
        ("PlaybackStarted", customer),
        ("PlaybackStopped", customer),
        ("LegHungUp", customer),
        ("LegDestroyed", customer),
    ]


def test_what_happens_on_a_bridged_call_is_told_of_the_right_leg() -> None:
    agent, customer = "1fed", "181f"
    middle = replay("actions")[5:-5]
    assert [(type(fact).__name__, getattr(fact, "uuid", "")[:4]) for fact in middle] == [
        ("PlaybackStarted", customer), ("PlaybackStopped", customer),
        ("RecordStarted", customer), ("RecordStopped", customer),
        ("LegHeld", agent), ("LegUnheld", agent), ("DigitPressed", customer),
        ("PlaybackStarted", agent), ("PlaybackStopped", agent),
    ]  # fmt: skip
    (stopped,) = [fact for fact in middle if isinstance(fact, facts.RecordStopped)]
    assert (stopped.path, stopped.milliseconds) == ("/dev/shm/eslbot/call.r8", 1800)
    (digit,) = [fact for fact in middle if isinstance(fact, facts.DigitPressed)]
    assert digit.digit == "1"
    assert replay("actions")[-5] == facts.LegHungUp(
        "pbx", 7.0, LegId("1fed273a-ced5-4463-b8b4-bd250cd5d72a"), "CALL_REJECTED"
    )


def test_calls_that_never_stood_end_with_their_cause() -> None:
    ends = [fact for fact in replay("failed-originate") if isinstance(fact, facts.LegHungUp)]
    assert [(end.uuid[:4], end.cause) for end in ends] == [("7629", "USER_BUSY"), ("e1d1", "NO_ANSWER")]


def test_a_takeover_bridges_the_supervisor_to_the_customer() -> None:
    bridges = [fact for fact in replay("supervise") if isinstance(fact, facts.LegsBridged)]
    assert [(fact.a[:4], fact.b[:4]) for fact in bridges] == [("d384", "cd67"), ("f97b", "cd67")]


def test_an_audio_fork_tells_when_it_stands_and_when_it_fails() -> None:
    leg = LegId("124c088e-d8dd-43e7-b93f-ddc6c4399aaa")
    assert [fact for fact in replay("audio-fork") if isinstance(fact, facts.ForkConnected | facts.ForkLost)] == [
        facts.ForkConnected("pbx", 7.0, leg),
        facts.ForkLost("pbx", 7.0, leg, "connect_failed"),
    ]


def test_a_switch_that_is_shut_down_tells_no_end() -> None:
    assert [kind for kind, _ in story("shutdown-mid-call")] == [
        "LegCreated", "LegAnswered", "LegCreated", "LegAnswered", "LegsBridged",
    ]  # fmt: skip


@pytest.mark.parametrize("name", wire.NAMES)
def test_real_bytes_give_the_same_facts_byte_by_byte(name: str) -> None:
    decoder = Decoder()
    frames = [frame for byte in wire.received(name) for frame in decoder.feed(bytes([byte]))]
    events = [event_of(frame) for frame in frames if frame.kind.startswith("text/event")]
    assert [fact for event in events for fact in facts_of(event, "pbx", 7.0)] == replay(name)


# --- strangers -------------------------------------------------------------------------------------------------------
def test_a_forged_display_name_changes_nothing() -> None:
    a, b = "c0ec", "c08e"
    assert story("forged-display-name") == [
        ("LegCreated", a), ("LegCreated", b), ("LegAnswered", b), ("LegAnswered", a), ("LegsBridged", a),
        ("LegHungUp", a), ("LegHungUp", b), ("LegsUnbridged", a), ("LegDestroyed", b), ("LegDestroyed", a),
    ]  # fmt: skip
    honest = [
        {name: "Bob" if "Bob\n" in str(value) else value for name, value in event.items()}
        for event in wire.events("forged-display-name")
    ]
    assert [fact for event in honest for fact in facts_of(event, "pbx", 7.0)] == replay("forged-display-name")


def test_who_calls_in_is_not_taken_from_what_it_claims() -> None:
    created = [fact for fact in replay("sdp-extra-line") if isinstance(fact, facts.LegCreated)]
    inbound = [fact for fact in created if fact.direction is Direction.INBOUND]
    assert [(fact.user, fact.caller, fact.destination) for fact in inbound] == [("", "1001", "")] * 2


def test_an_authenticated_user_is_known_apart_from_the_number_it_shows() -> None:
    (fact,) = facts_of({**HONEST, "variable_user_name": "1001", "Caller-Username": "root"}, "pbx", 7.0)
    assert fact == facts.LegCreated("pbx", 7.0, A, Direction.INBOUND, caller="5551", user="1001")


@pytest.mark.parametrize(
    "planted",
    [
        "variable_sip_h_X-eslbot_role", "variable_sip_h_eslbot_role", "eslbot_role", "variable_sip_eslbot_role",
        "Variable_eslbot_role", "variable_sip_h_user_name", "variable_sip_from_user", "variable_sip_user_name",
        "Caller-Username", "variable_sip_auth_username_", "variable_requested_user_name",
    ],
)  # fmt: skip
def test_a_sip_header_plants_neither_role_nor_user(planted: str) -> None:
    assert facts_of({**HONEST, planted: "agent"}, "pbx", 7.0) == facts_of(HONEST, "pbx", 7.0)


@pytest.mark.parametrize("name", ["Caller-Caller-ID-Number", "variable_user_name", "variable_eslbot_role"])
def test_a_value_forged_to_be_an_array_counts_as_unknown(name: str) -> None:
    (fact,) = facts_of({**HONEST, name: ["agent", "1001"]}, "pbx", 7.0)
    assert isinstance(fact, facts.LegCreated)
    assert (fact.user, fact.role, fact.caller in ("", "5551")) == ("", "", True)


@pytest.mark.parametrize("uuid", ["", "x", "../../etc/passwd", A + "\n", A + "x", "g" * 36, "a" * 36, " " + A[1:]])
def test_a_leg_whose_name_a_stranger_chose_is_not_taken(uuid: str) -> None:
    for name in TABLE:
        custom = "::" in name
        event: Event = {**HONEST, "Event-Name": "CUSTOM" if custom else name, "Event-Subclass": name, "Unique-ID": uuid}
        assert known(event)
        assert facts_of(event, "pbx", 7.0) == []
    assert created_of({**HONEST, "Unique-ID": uuid}, "pbx", 7.0) is None


@pytest.mark.parametrize("other", ["", A, "nonsense"])
def test_a_bridge_needs_two_legs(other: str) -> None:
    for name in ("CHANNEL_BRIDGE", "CHANNEL_UNBRIDGE"):
        assert facts_of({**HONEST, "Event-Name": name, "Other-Leg-Unique-ID": other}, "pbx", 7.0) == []
        (fact,) = facts_of({**HONEST, "Event-Name": name, "Other-Leg-Unique-ID": B}, "pbx", 7.0)
        assert isinstance(fact, facts.LegsBridged | facts.LegsUnbridged)
        assert (fact.a, fact.b) == (A, B)


@pytest.mark.parametrize(
    ("value", "rate"), [("16000", 16000), ("48000", 48000), ("0", 8000), ("", 8000), ("-8", 8000), ("1e9", 8000)]
)
def test_a_rate_that_cannot_be_counts_as_unknown(value: str, rate: int) -> None:
    event: Event = {**HONEST, "Event-Name": "CHANNEL_ANSWER", "Channel-Read-Codec-Rate": value}
    assert facts_of(event, "pbx", 7.0) == [facts.LegAnswered("pbx", 7.0, A, rate)]


@pytest.mark.parametrize(
    ("status", "state", "complete"),
    [
        ("done", "answered", True), ("break", "answered", False), ("", "answered", False),
        ("done", "hangup", False),  # what FreeSWITCH says of a file that the hang-up cut short
    ],
)  # fmt: skip
def test_a_playback_that_was_cut_short_is_not_complete(status: str, state: str, complete: bool) -> None:
    stop: Event = {"Event-Name": "PLAYBACK_STOP", "Playback-File-Path": "/x.wav"}
    event = {**HONEST, **stop, "Playback-Status": status, "Answer-State": state}
    assert facts_of(event, "pbx", 7.0) == [facts.PlaybackStopped("pbx", 7.0, A, "/x.wav", "9001", complete)]


def test_a_leg_that_changes_its_codec_tells_its_new_rate() -> None:
    event: Event = {**HONEST, "Event-Name": "CODEC", "Channel-Read-Codec-Rate": "16000", "variable_read_rate": "8000"}
    assert facts_of(event, "pbx", 7.0) == [facts.LegRate("pbx", 7.0, A, 16000)]


def test_the_numbers_of_a_leg_found_later_are_those_of_its_creation() -> None:
    transferred: Event = {**HONEST, "Event-Name": "CHANNEL_DATA", "Caller-Destination-Number": "eslbot_closing"}
    outbound = created_of({**transferred, "Call-Direction": "outbound"}, "pbx", 7.0, "9001", "1001")
    assert outbound == facts.LegCreated("pbx", 7.0, A, Direction.OUTBOUND, destination="9001")
    inbound = created_of(transferred, "pbx", 7.0, "9001", "1001")
    assert inbound == facts.LegCreated("pbx", 7.0, A, Direction.INBOUND, caller="1001")


def test_a_called_user_is_who_the_directory_says_and_not_what_the_phone_calls_itself() -> None:
    contact: Event = {
        **HONEST, "Event-Name": "CHANNEL_CREATE", "Call-Direction": "outbound", "variable_dialed_user": "1001",
        "Channel-Presence-ID": "1001@pbx.example", "Caller-Destination-Number": "1007",
    }  # fmt: skip
    (created,) = facts_of(contact, "pbx", 7.0)
    assert isinstance(created, facts.LegCreated)
    assert created.destination == "1001"
    called_on: Event = {**contact, "variable_dialed_user": "1002"}  # it has itself called user/1002 since
    again = created_of(called_on, "pbx", 7.0, "1007", "")
    assert again is not None
    assert again.destination == "1001"
    customer: Event = {**called_on, "Channel-Presence-ID": ""}  # called by a gateway, then bridged to user/1002
    of_gateway = created_of(customer, "pbx", 7.0, "9001", "")
    assert of_gateway is not None
    assert of_gateway.destination == "9001"


def test_what_is_subscribed_to_is_what_is_understood() -> None:
    assert set(EVENTS) | set(OPTIONAL) | set(SUBCLASSES) == set(TABLE)
    assert not {"ALL", "HEARTBEAT", "CUSTOM", *OPTIONAL} & set(EVENTS)
    assert not known({"Event-Name": "CUSTOM", "Event-Subclass": "sofia::register"})


LIKELY = st.sampled_from([A, B, "1001", "done", "inbound"])
VALUE = st.text(max_size=20) | st.lists(st.text(max_size=5), max_size=2) | LIKELY
HEADERS = ["Unique-ID", "Other-Leg-Unique-ID", "Call-Direction", "DTMF-Digit", "variable_record_ms", "Hangup-Cause"]


@given(
    st.sampled_from(sorted(TABLE)),
    st.dictionaries(st.sampled_from(HEADERS) | st.text(max_size=10).map("variable_eslbot_{}".format), VALUE),
)
def test_no_event_is_too_strange(name: str, headers: Event) -> None:
    event = {"Unique-ID": A, **headers, "Event-Name": "CUSTOM" if "::" in name else name, "Event-Subclass": name}
    for fact in facts_of(event, "pbx", 7.0):
        assert all(getattr(fact, field.name) is not None for field in fields(fact))
        assert getattr(fact, "uuid", A) in (A, B)
