"""Whether the head of an HTTP request can mean one thing only. What two servers might read differently (two lengths, a
length beside a transfer coding, no host, folded lines) is refused, since one of them may stand in front of us.
Pure. Knows no socket and no path."""

import re

LONGEST = 16 * 1024
"""Bytes of a request's head after its first line."""
MOST_FIELDS = 64

_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
_ONCE = (b"content-length", b"transfer-encoding", b"host")


class BadHead(ValueError):
    """The head is refused. The text holds nothing that the client sent."""


def check_head(version: str, raw: bytes) -> None:
    """`version`: as the request line says it; `raw`: the header lines with the empty line that ends them.

    Raises BadHead.
    """
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise BadHead("only HTTP/1.1 and HTTP/1.0 are spoken here")
    if not raw.endswith(b"\r\n"):
        raise BadHead("the head does not end")
    seen: dict[bytes, bytes] = {}
    lines = raw.split(b"\r\n")[:-2]
    if len(lines) > MOST_FIELDS:
        raise BadHead("too many header fields")
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise BadHead("a header line that is none")
        name, value = name.lower(), value.strip(b" \t")
        if name in seen and name in _ONCE:
            raise BadHead(f"{name.decode()} is there twice")
        seen[name] = value
    if version == "HTTP/1.1" and not seen.get(b"host"):
        raise BadHead("no Host")
    coding = seen.get(b"transfer-encoding")
    if coding is not None and (b"content-length" in seen or version == "HTTP/1.0" or coding.lower() != b"chunked"):
        raise BadHead("a transfer coding that could be read in two ways")
    if b"content-length" in seen and not re.fullmatch(rb"[0-9]{1,15}", seen[b"content-length"]):
        raise BadHead("a Content-Length that is no number")
