import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.supervise import wire
from eslbot.supervise.wire import BadLine, Lines, Refused

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.text(), st.dictionaries(st.text(), JSON, max_size=3))
def test_a_request_and_a_result_read_back_as_they_were_sent_on_one_line(verb, args):
    request, result = wire.encode_request(verb, args), wire.encode_result(args)
    assert request.count(b"\n") == result.count(b"\n") == 1
    assert wire.decode_request(request) == (verb, args)
    assert wire.decode_answer(result) == args


LINES = st.binary(max_size=20).map(lambda b: b.replace(b"\n", b""))


@given(st.lists(LINES, max_size=5), LINES, st.data())
def test_any_split_of_the_bytes_gives_the_same_lines(lines, rest, data):
    stream = b"".join(line + b"\n" for line in lines) + rest
    reader, found = Lines(1000), []
    while stream:
        cut = data.draw(st.integers(1, len(stream)))
        found += reader.feed(stream[:cut])
        stream = stream[cut:]
    assert found == lines


@pytest.mark.parametrize("pieces", [[b"x" * 100], [b"x" * 60, b"x" * 40], [b"x" * 100 + b"\n"], [b"a\n" + b"x" * 100]])
def test_a_line_that_does_not_end_is_not_gathered(pieces):
    reader = Lines(100)
    for piece in pieces[:-1]:
        reader.feed(piece)
    with pytest.raises(BadLine):
        reader.feed(pieces[-1])


def test_an_error_answer_raises_in_the_services_words():
    with pytest.raises(Refused, match=r"^no such call$"):
        wire.decode_answer(wire.encode_error("no such call"))


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[]", b'{"ok": true}', b'{"ok": 1, "result": {}}', b'{"ok": false}', b"\xff"]
)
def test_anything_else_is_no_answer(line):
    with pytest.raises(BadLine):
        wire.decode_answer(line)


@pytest.mark.parametrize("line", [b"", b"{", b'"calls"', b'{"verb": 1}', b'{"verb": "a", "args": []}'])
def test_anything_else_is_no_request(line):
    with pytest.raises(BadLine):
        wire.decode_request(line)
