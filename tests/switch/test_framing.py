import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.switch.framing import (
    Command,
    CommandDecoder,
    Decoder,
    Frame,
    ProtocolError,
    encode_command,
    encode_frame,
)
from tests.switch import wire

OK = b"Content-Type: command/reply\nReply-Text: +OK\n\n"
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}", fullmatch=True).filter(
    lambda name: not name.lower().startswith("content-")
)
VALUES = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=30)
FRAMES = st.builds(
    lambda headers, body: encode_frame({"Content-Type": "api/response", **headers}, body),
    st.dictionaries(NAMES, VALUES, max_size=4),
    st.binary(max_size=60),
)


def outcome(decoder: Decoder, pieces: list[bytes]) -> tuple[list[Frame], str]:
    """The frames and the error, however they came."""
    frames: list[Frame] = []
    for piece in pieces:
        try:
            frames += decoder.feed(piece)
        except ProtocolError as error:
            return frames + error.before, str(error)
    return frames, ""


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


@pytest.mark.parametrize("name", wire.NAMES)
def test_real_bytes_give_the_same_frames_whole_and_byte_by_byte(name: str) -> None:
    data = wire.received(name)
    whole, one = Decoder(), Decoder()
    assert outcome(whole, [data]) == outcome(one, [bytes([byte]) for byte in data])
    assert whole.idle
    assert one.idle


def test_the_sign_in_and_the_answers_of_a_real_session_are_read() -> None:
    kinds = [(frame.kind, frame.reply.split("\n")[0]) for frame in wire.frames("session")]
    assert kinds[:4] == [
        ("auth/request", ""),
        ("command/reply", "+OK accepted"),
        ("command/reply", "+OK event listener enabled plain"),
        ("command/reply", "+OK filter added. [Event-Name]=[HEARTBEAT]"),
    ]
    assert kinds[-6:] == [
        ("api/response", "false"),
        ("api/response", "-ERR no_such_command Command not found!"),
        ("command/reply", "-ERR command not found"),
        ("api/response", "-ERR No such channel!"),
        ("command/reply", "+OK bye"),
        ("text/disconnect-notice", ""),
    ]


@given(st.lists(FRAMES, max_size=5), st.lists(st.integers(0, 10_000), max_size=12))
def test_any_split_of_the_bytes_gives_the_same_frames(parts: list[bytes], places: list[int]) -> None:
    data = b"".join(parts)
    frames, error = outcome(Decoder(), cut(data, places))
    assert not error
    assert [encode_frame(frame.headers, frame.body) for frame in frames] == parts


@given(st.binary(max_size=300), st.lists(st.integers(0, 10_000), max_size=8))
def test_any_rubbish_ends_the_same_way_however_it_is_split(data: bytes, places: list[int]) -> None:
    data = OK + data + b"\n\n" + OK
    assert outcome(Decoder(200, 100), cut(data, places)) == outcome(Decoder(200, 100), [data])


@given(st.data())
def test_a_mutated_real_session_never_hangs_and_splits_alike(data: st.DataObject) -> None:
    real = bytearray(wire.received("session") + wire.received("shutdown-mid-call")[:9000])
    for place, byte in data.draw(st.lists(st.tuples(st.integers(0, len(real) - 1), st.integers(0, 255)), max_size=6)):
        real[place] = byte
    places = data.draw(st.lists(st.integers(0, len(real)), max_size=6))
    assert outcome(Decoder(), cut(bytes(real), places)) == outcome(Decoder(), [bytes(real)])


@pytest.mark.parametrize("short", range(1, 12))
def test_undersized_content_length_does_not_eat_the_next_message(short: int) -> None:
    body = b'{"Event-Name":"HEARTBEAT"}'
    wrong = b"Content-Length: %d\nContent-Type: text/event-json\n\n" % (len(body) - short) + body
    with pytest.raises(ProtocolError) as error:
        Decoder().feed(OK + wrong + OK)
    assert [frame.kind for frame in error.value.before] == ["command/reply", "text/event-json"]


def test_rubbish_that_looks_like_headers_leaves_the_next_message_whole() -> None:
    frames = Decoder().feed(b"Content-Type: api/response\nContent-Length: 2\n\nabX: left over\n" + OK)
    assert [(frame.kind, frame.reply) for frame in frames] == [("api/response", "ab"), ("command/reply", "+OK")]


def test_oversized_content_length_waits_and_then_shows_as_rubbish() -> None:
    decoder = Decoder()
    assert decoder.feed(b"Content-Type: api/response\nContent-Length: 10\n\nabcde") == []
    assert not decoder.idle
    with pytest.raises(ProtocolError):
        decoder.feed(OK)  # five bytes of it became the body; `nt-Type: ...` is no head


@pytest.mark.parametrize(
    "length", ["-1", "+5", "5 6", "0x10", "", "1e3", "٣", "99999999999", "65", "5\r", "5.0"], ids=repr
)
def test_a_length_that_is_no_number_or_too_large_is_refused(length: str) -> None:
    with pytest.raises(ProtocolError, match="Content-Length"):
        Decoder(max_body=64).feed(f"Content-Type: api/response\nContent-Length: {length}\n\n".encode())


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: api/response\nContent-Length: 1\nContent-Length: 2",
        b"Content-Type: api/response\ncontent-length: 1\nContent-Length: 1",
        b"Content-Type: api/response\nContent-Type: command/reply\nContent-Length: 1",
        b"Content-Type: api/response",
        b"Content-Type: text/event-json",
        b"Content-Length: 1",
        b"Reply-Text: +OK",
        b"Content-Type: command/reply\nno header",
        b"Content-Type: command/reply\n: nameless",
    ],
)
def test_a_head_that_can_be_read_in_two_ways_is_refused(head: bytes) -> None:
    with pytest.raises(ProtocolError):
        Decoder().feed(head + b"\n\nabc")


@pytest.mark.parametrize("split", [lambda data: [data], lambda data: [bytes([byte]) for byte in data]])
@pytest.mark.parametrize(("size", "fine"), [(100, True), (101, False)])
def test_a_head_may_be_as_long_as_its_cap(split: Callable[[bytes], list[bytes]], size: int, fine: bool) -> None:
    head = b"Content-Type: command/reply\nX: "
    frames, error = outcome(Decoder(max_head=100), split(head + b"x" * (size - len(head)) + b"\n\n"))
    assert (len(frames), bool(error)) == (1, False) if fine else (0, True)


def test_an_endless_line_is_refused_before_it_fills_the_memory() -> None:
    decoder = Decoder(max_head=1000)
    fed = [decoder.feed(b"x" * 100) for _ in range(10)]
    with pytest.raises(ProtocolError, match="head"):
        decoder.feed(b"x" * 100)
    assert fed == [[]] * 10


def test_a_broken_stream_stays_broken() -> None:
    decoder = Decoder()
    for data in (b"rubbish\n\n", OK):
        with pytest.raises(ProtocolError):
            decoder.feed(data)


def test_a_unicode_line_separator_starts_no_header() -> None:
    (frame,) = Decoder().feed("Content-Type: command/reply\nReply-Text: +OK\u2028X: 1\x0bY: 2\x85Z: 3\n\n".encode())
    assert frame.headers == {"Content-Type": "command/reply", "Reply-Text": "+OK\u2028X: 1\x0bY: 2\x85Z: 3"}


# --- the server's side -----------------------------------------------------------------------------------------------
def test_what_a_real_client_sent_is_cut_into_its_commands() -> None:
    sent = (wire.WIRE / "actions.out").read_bytes()
    commands = CommandDecoder().feed(sent)
    assert commands == [c for one in [CommandDecoder()] for byte in sent for c in one.feed(bytes([byte]))]
    assert commands[0] == Command("auth rig-secret")
    assert commands[-4] == Command(
        "sendmsg 1fed273a-ced5-4463-b8b4-bd250cd5d72a",
        {
            "call-command": "execute",
            "execute-app-name": "playback",
            "execute-app-arg": "/dev/shm/eslbot/reminder.wav",
            "event-uuid": "job-1",
        },
    )
    assert commands[-3].body == b"hello\nworld"
    assert commands[-1] == Command("exit")


def test_a_typed_command_with_carriage_returns_is_the_same_command() -> None:
    assert CommandDecoder().feed(b"\r\n\r\napi status\r\n\r\nsendmsg\r\na: b\r\n\r\n") == [
        Command("api status"),
        Command("sendmsg", {"a": "b"}),
    ]


@pytest.mark.parametrize("length", [b"-1", b"x", b"10485761"])
def test_a_command_with_a_bad_length_is_refused(length: bytes) -> None:
    with pytest.raises(ProtocolError):
        CommandDecoder().feed(b"sendevent CUSTOM\nContent-Length: " + length + b"\n\n")


LINE = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(LINE, st.dictionaries(NAMES, LINE.map(str.strip), max_size=3), st.lists(st.integers(0, 500), max_size=6))
def test_a_command_arrives_as_it_was_sent(line: str, headers: dict[str, str], places: list[int]) -> None:
    decoder = CommandDecoder()
    commands = [c for piece in cut(encode_command(line, headers), places) for c in decoder.feed(piece)]
    assert commands == [Command(line, headers)]


@pytest.mark.parametrize("sign", ["\r", "\n", "\0"])
def test_a_newline_makes_no_second_command(sign: str) -> None:
    with pytest.raises(ValueError, match="CR, LF or NUL"):
        encode_command(f"api status{sign}{sign}api fsctl shutdown")
    with pytest.raises(ValueError, match="CR, LF or NUL"):
        encode_command("sendmsg", {"execute-app-arg": f"x{sign}execute-app-name: system"})
    with pytest.raises(ValueError, match="CR, LF or NUL"):
        encode_command("sendmsg", {f"x{sign}": "y"})


def test_a_server_cannot_send_a_header_that_would_be_two() -> None:
    for headers in ({"A": "b\nC: d"}, {"A\nB": "c"}, {"A: B": "c"}, {"": "x"}):
        with pytest.raises(ValueError, match="not a header"):
            encode_frame(headers)
