import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.watch.head import MOST_FIELDS, BadHead, check_head

HOST = b"Host: a\r\n"


def test_an_ordinary_head_passes():
    check_head("HTTP/1.1", b"Host: a:9464\r\nUser-Agent: Prometheus/2.0\r\nAccept: */*;q=0.1\r\n\r\n")
    check_head("HTTP/1.0", b"\r\n")
    check_head("HTTP/1.1", HOST + b"Content-Length: 12\r\n\r\n")
    check_head("HTTP/1.1", HOST + b"Transfer-Encoding: chunked\r\n\r\n")


@pytest.mark.parametrize(
    ("version", "raw"),
    [
        ("HTTP/1.1", b"\r\n"),
        ("HTTP/1.1", b"Host:\r\n\r\n"),
        ("HTTP/1.1", HOST + HOST + b"\r\n"),
        ("HTTP/1.1", HOST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\n"),
        ("HTTP/1.1", HOST + b"Content-Length: 5\r\ncontent-length: 6\r\n\r\n"),
        ("HTTP/1.1", HOST + b"Content-Length: 5, 5\r\n\r\n"),
        ("HTTP/1.1", HOST + b"Content-Length: +5\r\n\r\n"),
        ("HTTP/1.1", HOST + b"Content-Length: -5\r\n\r\n"),
        ("HTTP/1.1", HOST + b"Content-Length:\r\n\r\n"),
        ("HTTP/1.1", HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("HTTP/1.1", HOST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("HTTP/1.1", HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n"),
        ("HTTP/1.1", HOST + b"Transfer-Encoding: xchunked\r\n\r\n"),
        ("HTTP/1.0", b"Transfer-Encoding: chunked\r\n\r\n"),
        ("HTTP/1.1", HOST + b"Content-Length : 5\r\n\r\n"),
        ("HTTP/1.1", HOST + b" folded: 5\r\n\r\n"),
        ("HTTP/1.1", HOST + b"X: a\r\n b\r\n\r\n"),
        ("HTTP/1.1", HOST + b"X: a\nContent-Length: 5\r\n\r\n"),
        ("HTTP/1.1", HOST + b"X: a\rContent-Length: 5\r\n\r\n"),
        ("HTTP/1.1", HOST + b"X: \0\r\n\r\n"),
        ("HTTP/1.1", HOST + b": a\r\n\r\n"),
        ("HTTP/1.1", HOST + b"no colon\r\n\r\n"),
        ("HTTP/1.1", HOST + b"X: a\r\n" * (MOST_FIELDS + 1) + b"\r\n"),
        ("HTTP/0.9", b"\r\n"),
        ("HTTP/2.0", HOST + b"\r\n"),
        ("HTTP/1.1", b"Host: a"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(version, raw):
    with pytest.raises(BadHead):
        check_head(version, raw)


@given(st.lists(st.sampled_from([HOST, b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"X: y\r\n"])))
def test_only_one_host_and_one_framing_ever_pass(lines):
    raw = b"".join(lines) + b"\r\n"
    framings = lines.count(b"Content-Length: 3\r\n") + lines.count(b"Transfer-Encoding: chunked\r\n")
    if lines.count(HOST) == 1 and framings <= 1 and len(lines) <= MOST_FIELDS:
        check_head("HTTP/1.1", raw)
    else:
        with pytest.raises(BadHead):
            check_head("HTTP/1.1", raw)
