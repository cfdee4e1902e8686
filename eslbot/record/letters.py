"""Letters about a call: short texts that people write afterwards and that may repeat what was said. Each is a stock age
file in its armour, sealed for a key that is derived from the file key of the call's words: whoever opens the words
opens the letters, whom the words are sealed for anew reads them too, and with the words' header they are destroyed. To
seal one takes the public half alone, which the recording's row has. Knows keys and the container; no file, no store."""

import secrets
from collections.abc import Sequence

from eslbot.record import armor, container, hybrid
from eslbot.record.armor import BadArmor
from eslbot.record.container import FILE_KEY_BYTES, BadPayload
from eslbot.record.keys import HybridIdentity, HybridRecipient, Identity, Recipient, header_for, parse_recipient
from eslbot.record.stream import CHUNK, NONCE, Stream, payload_key

_INFO = b"eslbot-letters"
LONGEST = CHUNK
"""Bytes of a text, in UTF-8."""


def recipient_of(words_key: bytes, readers: Sequence[Recipient]) -> str:
    """The public half, as text, of what opens letters about a call. `words_key`: the file key of its words; `readers`:
    for whom these are sealed: where a quantum computer opens them no more, it opens no letter either."""
    quantum = bool(readers) and all(isinstance(one, HybridRecipient) for one in readers)
    return str(_identities(words_key)[1 if quantum else 0].recipient)


def seal(text: str, recipient: str) -> str:
    """A letter for what `recipient_of` gave. Raises KeyProblem for what is none, ValueError where it is too long."""
    data = text.encode()
    if len(data) > LONGEST:
        raise ValueError(f"a letter of {len(data)} bytes, and {LONGEST} is the most")
    file_key, nonce = secrets.token_bytes(FILE_KEY_BYTES), secrets.token_bytes(NONCE)
    sealed = Stream(payload_key(file_key, nonce)).seal(0, data, last=True)
    return armor.encode(header_for(file_key, [parse_recipient(recipient)]) + nonce + sealed).decode()


def read(letters: Sequence[str], words_header: bytes, identities: Sequence[Identity]) -> list[str]:
    """The texts of letters about one call. `words_header`: of its words. Raises ContainerError: NoMatch where none of
    the identities opens the words, BadHeader also where the header was destroyed."""
    openers = _identities(container.open_with(container.parse(words_header), identities))
    return [_opened(letter, openers) for letter in letters]


def _identities(words_key: bytes) -> tuple[Identity, ...]:
    secret = container.derive(words_key, b"", _INFO)
    return (Identity(secret), HybridIdentity(secret)) if hybrid.available() else (Identity(secret),)


def _opened(letter: str, openers: Sequence[Identity]) -> str:
    try:
        data = armor.decode(letter.encode("ascii"))
        header = container.parse(data)
        file_key = container.open_with(header, openers)
        nonce, sealed = data[header.length : header.length + NONCE], data[header.length + NONCE :]
        return Stream(payload_key(file_key, nonce)).open(0, sealed, last=True).decode()
    except (BadArmor, ValueError) as error:
        raise BadPayload(f"a letter that is none: {error}") from error
