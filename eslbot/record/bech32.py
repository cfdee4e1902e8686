"""Bech32 as age uses it (BIP 173 without its limit on length): bytes as text that shows a mistyped character. Pure.
Knows no key. No error repeats what it was given: it may be a secret."""

from collections.abc import Sequence

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(prefix: str, data: bytes) -> str:
    """Lower case."""
    bits = len(data) * 8
    number = int.from_bytes(data, "big") << (-bits % 5)
    count = -(-bits // 5)
    values = [number >> 5 * (count - 1 - place) & 31 for place in range(count)]
    check = _polymod([*_expand(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join(_ALPHABET[value] for value in values)


def decode(text: str, prefix: str, size: int) -> bytes:
    """The `size` bytes of a key with that prefix; `text` is all of one case. Raises ValueError that says what is wrong,
    not where."""
    shown = f"{prefix}1..." if text.islower() else f"{prefix.upper()}1..."
    head, one, tail = text.lower().rpartition("1")
    if not one or head != prefix:
        raise ValueError(f"not a key of the form {shown}")
    values = [_VALUES.get(c, -1) for c in tail]
    if len(values) < 6 or min(values) < 0:
        raise ValueError("characters that no key has, or too short")
    if _polymod([*_expand(prefix), *values]) != 1:
        raise ValueError("the checksum does not fit; a character was mistyped or lost")
    values = values[:-6]
    number = 0
    for value in values:
        number = number << 5 | value
    spare = len(values) * 5 - size * 8
    if not 0 <= spare < 5 or number & ((1 << spare) - 1):
        raise ValueError(f"not a key of {size} bytes")
    return (number >> spare).to_bytes(size, "big")


def _polymod(values: Sequence[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check


def _expand(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
