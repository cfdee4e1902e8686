import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.switch.codec import (
    Decoder,
    Event,
    Frame,
    ProtocolError,
    encode_channel,
    encode_event,
    encode_frame,
    event_of,
    parse_json,
)
from tests.switch import wire

PLAIN = {"Content-Type": "text/event-plain"}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,15}", fullmatch=True).filter(lambda name: name != "Content-Length")


def plain(*lines: str, body: str = "") -> Event:
    return event_of(Frame(PLAIN, ("".join(f"{line}\n" for line in lines) + "\n" + body).encode()))


@pytest.mark.parametrize("name", wire.NAMES)
def test_every_real_event_can_be_read(name: str) -> None:
    for event in wire.events(name):
        assert isinstance(event["Event-Name"], str)
        assert event["Core-UUID"] == "27cce578-f448-42a7-987e-19813af704ed"


# the forged name is the one value that the switch passes on half encoded
@pytest.mark.parametrize("name", [name for name in wire.NAMES if name != "forged-display-name"])
def test_a_real_plain_event_written_again_gives_the_same_lines(name: str) -> None:
    for frame in wire.frames(name):
        if frame.kind == "text/event-plain":
            (again,) = Decoder().feed(encode_event(event_of(frame), "plain"))
            # the switch itself says some twice: Hangup-Cause, a sendevent's Content-Length
            assert {*again.body.split(b"\n")} == {*frame.body.split(b"\n")}


def test_the_same_call_reads_alike_in_both_formats() -> None:
    def names(name: str) -> list[object]:
        return [event["Event-Name"] for event in wire.events(name)]

    assert names("call-agent-first-json") == names("call-agent-first-plain")


def test_nested_lengths_of_a_background_job_give_its_answer() -> None:
    jobs = [event for event in wire.events("actions") if event["Event-Name"] == "BACKGROUND_JOB"]
    assert [str(job["_body"])[:4] for job in jobs] == ["+OK "]
    (custom,) = [event for event in wire.events("actions") if event.get("Event-Subclass") == "eslbot::test"]
    assert custom["_body"] == "hello\nworld"
    assert custom["Caller-Note"] == "two\nlines"


def test_a_forged_display_name_stays_a_value() -> None:
    forged = [event for event in wire.events("forged-display-name") if "Bob" in str(event.get("Caller-Caller-ID-Name"))]
    assert forged
    for event in forged:
        assert event["Caller-Caller-ID-Name"] == "Bob\nEvent-Name: CHANNEL_DESTROY"
    assert forged[0]["Event-Name"] == "CHANNEL_CREATE"


def test_an_sdp_line_of_free_text_stays_in_the_sdp() -> None:
    events = wire.events("sdp-extra-line")
    assert any("\r\n" in str(event.get("variable_switch_r_sdp")) for event in events)
    assert all(set(event).isdisjoint({"v", "o", "a", "X"}) for event in events)


def test_the_answer_to_connect_is_the_channel() -> None:
    channel = event_of(wire.frames("outbound-gate")[0])
    assert channel["Caller-Destination-Number"] == "gate9001"
    assert channel["variable_sip_full_to"] == "<sip:gate9001@127.0.0.1:5060>"


def test_an_undersized_inner_length_cuts_the_body_and_nothing_else() -> None:
    assert plain("A: b", "Content-Length: 3", body="abcdef\nC: d")["_body"] == "abc"


@pytest.mark.parametrize("length", ["7", "-1", "x", "99999999999", "ARRAY::1|:2"])
def test_an_inner_length_that_cannot_be_is_refused(length: str) -> None:
    with pytest.raises(ProtocolError, match="Content-Length"):
        plain("A: b", f"Content-Length: {length}", body="abcdef")


def test_plain_spells_empty_values_and_arrays_in_its_own_way() -> None:
    assert plain("A: _undef_", "B: ARRAY%3A%3Aa|:b%0A", "A: second") == {"A": "", "B": ["a", "b\n"]}


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    assert parse_json(b'{"Caller-Caller-ID-Name":"J\xff\xfeo","A":["x","\xc3"]}') == {
        "Caller-Caller-ID-Name": "J��o",
        "A": ["x", "�"],
    }
    assert event_of(Frame(PLAIN, b"A: J%FFo\xfe\n\n"))["A"] == "J�o�"


def test_lone_surrogates_and_raw_control_signs_in_json_are_survived() -> None:
    (value,) = parse_json(rb'{"A":"x\ud800y' + b'\x01"}').values()
    str(value).encode()
    assert str(value)[0] + str(value)[-2:] == "xy\x01"


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b"{", b"[" * 100_000, b'{"a":1}x'])
def test_what_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse_json(body)


@pytest.mark.parametrize("kind", ["api/response", "command/reply", "text/event-xml", "log/data"])
def test_a_frame_without_an_event_is_refused(kind: str) -> None:
    with pytest.raises(ProtocolError):
        event_of(Frame({"Content-Type": kind}, b"{}"))


def test_the_switch_s_own_flaw_is_kept() -> None:
    assert encode_channel({"N": "Bob%0AEvent-Name: X%0g 100%"}) == b"N: Bob%0AEvent-Name%3A%20X%250g%20100%25\n"


@given(st.dictionaries(NAMES, TEXT | st.lists(TEXT, min_size=2, max_size=3), max_size=6), st.none() | TEXT)
def test_json_events_arrive_as_they_were_sent(event: Event, body: str | None) -> None:
    if body is not None:
        event = {**event, "Content-Length": str(len(body.encode())), "_body": body}
    (frame,) = Decoder().feed(encode_event(event, "json"))
    assert event_of(frame) == event


SAFE = TEXT.filter(lambda text: text != "_undef_" and not any(sign in text for sign in ("%", "ARRAY::", "|:")))


@given(st.dictionaries(NAMES, SAFE | st.lists(SAFE, min_size=2, max_size=3), max_size=6), st.none() | TEXT)
def test_plain_events_arrive_as_they_were_sent(event: Event, body: str | None) -> None:
    if body is not None:
        event = {**event, "Content-Length": str(len(body.encode())), "_body": body}
    (frame,) = Decoder().feed(encode_event(event, "plain"))
    assert event_of(frame) == event


@given(st.binary(max_size=200), st.sampled_from(["text/event-plain", "text/event-json"]))
def test_any_body_gives_an_event_or_a_protocol_error(body: bytes, kind: str) -> None:
    (frame,) = Decoder().feed(encode_frame({"Content-Type": kind}, body))
    try:
        event = event_of(frame)
    except ProtocolError:
        return
    assert all(isinstance(value, str | list) for value in event.values())


@given(TEXT)
def test_no_value_makes_a_second_header(value: str) -> None:
    (frame,) = Decoder().feed(encode_event({"Event-Name": "HEARTBEAT", "Caller-Caller-ID-Name": value}, "plain"))
    assert set(event_of(frame)) == {"Event-Name", "Caller-Caller-ID-Name"}
    assert event_of(frame)["Event-Name"] == "HEARTBEAT"
