"""The X25519 recipient: what opens and what is refused. That age takes what we wrap, and we what age wraps, is
test_container.py's."""

import pytest

from eslbot.record import container, x25519
from eslbot.record.container import BadHeader, Stanza

SECRET, OTHER = bytes(range(1, 33)), bytes(range(2, 34))
FILE_KEY = b"sixteen bytes ok"
LOW_ORDER = bytes(32)


def wrapped(secret: bytes = SECRET, ephemeral: bytes = bytes(range(32))) -> Stanza:
    return x25519.wrap(FILE_KEY, x25519.public_key(secret), ephemeral)


def test_who_it_was_wrapped_for_opens_it_among_others_and_a_stranger_does_not() -> None:
    stanzas = [Stanza((b"ssh-ed25519", b"x"), b""), wrapped(OTHER), wrapped()]
    assert x25519.unwrap(stanzas, SECRET) == FILE_KEY
    assert x25519.unwrap(stanzas[:2], SECRET) is None


def test_a_changed_key_opens_for_nobody() -> None:
    stanza = wrapped()
    assert x25519.unwrap([Stanza(stanza.arguments, bytes([stanza.body[0] ^ 1]) + stanza.body[1:])], SECRET) is None


def test_a_point_of_low_order_is_refused_as_a_recipient_and_as_a_share() -> None:
    with pytest.raises(ValueError, match=r"."):
        x25519.wrap(FILE_KEY, LOW_ORDER, bytes(range(32)))
    with pytest.raises(BadHeader, match="low order"):
        x25519.unwrap([Stanza((b"X25519", container.b64(LOW_ORDER)), wrapped().body)], SECRET)


@pytest.mark.parametrize("arguments", [(b"X25519",), (b"X25519", b"AAAA"), (b"X25519", b"AAAA", b"AAAA")])
def test_a_malformed_stanza_of_its_type_is_refused_before_anything_is_opened(arguments: tuple[bytes, ...]) -> None:
    with pytest.raises(BadHeader, match="X25519"):
        x25519.unwrap([wrapped(), Stanza(arguments, wrapped().body)], SECRET)
