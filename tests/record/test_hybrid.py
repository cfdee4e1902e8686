"""The hybrid recipient: there and back, and strangers. The public vectors are run by test_container.py; age's own
JavaScript was held against it both ways when it was written."""

import pytest

from eslbot.record import container, hybrid, keys
from eslbot.record.container import NoMatch
from eslbot.record.keys import header_for

SEED = bytes(range(32))


def test_the_sizes_are_the_specifications() -> None:
    assert hybrid.available()
    assert len(hybrid.public_key(SEED)) == 1216
    stanza = hybrid.wrap(bytes(16), hybrid.public_key(SEED))
    assert (len(container.unb64(stanza.arguments[1], "")), len(stanza.body)) == (1120, 32)


def test_each_of_several_recipients_opens_it_and_a_stranger_does_not() -> None:
    identities = [keys.new_hybrid_identity() for _ in range(3)]
    header = container.parse(header_for(b"sixteen bytes ok", [one.recipient for one in identities]))
    for one in identities:
        assert container.open_with(header, [keys.new_identity(), one]) == b"sixteen bytes ok"
    with pytest.raises(NoMatch):
        container.open_with(header, [keys.new_hybrid_identity(), keys.new_identity()])


def test_two_wraps_of_one_key_differ_wholly() -> None:
    one, other = (hybrid.wrap(bytes(16), hybrid.public_key(SEED)) for _ in range(2))
    assert one.arguments[1][:64] != other.arguments[1][:64]
    assert one.body != other.body


def test_a_public_key_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        hybrid.wrap(bytes(16), b"\xff" * hybrid.PUBLIC_BYTES)
