"""Takes card numbers, Chinese identity numbers and one-time codes out of spoken words, however the digits are written:
622202…, 六二二二零二…, four one one one…. Pure. Knows digits and the words around a code; no recording, no rule.

A card number is 13 to 19 digits that pass Luhn's check, an identity number 18 with a check digit (or X).
A code is 4 to 8 digits near a word such as 验证码 or `code`. Telephone numbers, prices and dates are left: where those
must not stand either, as in a log, watch/redact takes every long number. A quantity (一百二十三) is no row of digits.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

CARD, IDENTITY, CODE = "[card]", "[identity]", "[code]"
"""What stands in a number's place."""
BEFORE, AFTER = 24, 10
"""Characters (beside those of the digits) in which a word such as 验证码 stands before or after its code."""

_HAN = dict(zip("零〇一二三四五六七八九幺两", "0012345678912", strict=True))
_ENGLISH = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3}
_TOKEN = re.compile(
    r"(?P<digit>\d)|(?P<han>[零〇一二三四五六七八九幺两])"
    rf"|(?<![a-z])(?:(?P<times>double|triple)[\s-]{{1,3}})?(?P<word>{'|'.join(_ENGLISH)})(?![a-z])"
    r"|(?<![a-z])(?P<x>x)(?![a-z])|(?P<cross>叉)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,，、.。\-‐-―_·/;；:：]{0,3}(?:(?:啊|呃|嗯|and|then|uh|um)[\s,，、]{0,2})?", re.IGNORECASE)
"""What may stand between two digits of one number."""
_QUANTITY = re.compile(r"[十百千万亿点月号元块年]")
"""After a Chinese digit: it counts something."""
_CODE_WORD = re.compile(
    r"[验驗]\s*[证證]\s*[码碼]|校\s*[验驗]\s*[码碼]|[动動]\s*[态態]\s*[码碼]|短\s*信\s*[码碼]|授\s*[权權]\s*[码碼]"
    r"|安\s*全\s*[码碼]|口\s*令|密\s*[码碼]|\bpass\s?code\b|\bpass\s?word\b|\bone[\s-]time\b|\b(?:security|verification|sms|text|auth\w*)\s+code\b"
    r"|\bcode\b|\botp\b|\bpin\b|\bcvv\d?\b|\bcvc\b",
    re.IGNORECASE,
)
_LONGEST_CODE, _SHORTEST_CODE = 8, 4
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"


class Secret(NamedTuple):
    """A number that has to go."""

    start: int
    """First character."""
    end: int
    mask: str


class Digit(NamedTuple):
    """One spoken digit, or `X`."""

    value: str
    start: int
    end: int


def digits(text: str) -> list[list[Digit]]:
    """The rows of digits that are spoken one after the other, each in order; what stands alone is a row too."""
    rows: list[list[Digit]] = []
    last = -1
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        if found["han"] and _QUANTITY.match(text, _skip(text, end)):
            last = -1
            continue
        value = _value(found)
        if value == "X" and (last < 0 or not _BETWEEN.fullmatch(text, last, start)):
            continue
        new = [Digit(value, start, end)] * _TIMES.get((found["times"] or "").lower(), 1)
        if last >= 0 and _BETWEEN.fullmatch(text, last, start):
            rows[-1] += new
        else:
            rows.append(new)
        last = end
    return rows


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _value(found: re.Match[str]) -> str:
    if found["digit"]:
        return str(int(found["digit"]))
    if found["han"]:
        return _HAN[found["han"]]
    return _ENGLISH[found["word"].lower()] if found["word"] else "X"


def asks_for_code(text: str) -> bool:
    """Whether it speaks of a one-time code, so that the digits that answer it are one."""
    return _CODE_WORD.search(text) is not None


def secrets(text: str, answers: bool = False) -> list[Secret]:
    """Every number that has to go, in order, none overlapping another. `answers`: a code was spoken of just before, so
    that any 4 to 8 digits are one."""
    rows = digits(text)
    found: list[Secret] = []
    for row in rows:
        found += _numbers(row)
    words: list[re.Match[str]] | None = None
    for row in rows:
        plain = [digit for digit in row if digit.value != "X"]
        if not _SHORTEST_CODE <= len(plain) <= _LONGEST_CODE or any(_overlap(row, secret) for secret in found):
            continue
        if words is None:
            words = list(_CODE_WORD.finditer(text))
        start, end = plain[0].start, plain[-1].end
        near = (start - BEFORE <= word.end() <= start or end <= word.start() <= end + AFTER for word in words)
        if answers or any(near):
            found.append(Secret(start, end, CODE))
    return sorted(found)


def _overlap(row: list[Digit], secret: Secret) -> bool:
    return row[0].start < secret.end and secret.start < row[-1].end


def _numbers(row: list[Digit]) -> Iterable[Secret]:
    """Cards and identity numbers anywhere in a row, from left to right, the longest that fits first."""
    if len(row) < 13:
        return
    values = "".join(digit.value for digit in row)
    at = 0
    while at <= len(row) - 13:
        for length in range(min(19, len(row) - at), 12, -1):
            part = values[at : at + length]
            mask = IDENTITY if length == 18 and _is_identity(part) else CARD if _is_card(part) else ""
            if mask:
                yield Secret(row[at].start, row[at + length - 1].end, mask)
                at += length
                break
        else:
            at += 1


def _is_identity(part: str) -> bool:
    century, month, day = part[6:8], part[10:12], part[12:14]
    if "X" in part[:17] or century not in ("19", "20") or not ("01" <= month <= "12" and "01" <= day <= "31"):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(part[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECK[total % 11] == part[17]


def _is_card(part: str) -> bool:
    if "X" in part or part[0] == "0":
        return False
    total = 0
    for place, digit in enumerate(reversed(part)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def redact_words(text: str) -> str:
    """The text with each such number replaced by what it was."""
    return masked(text, secrets(text))


def masked(text: str, found: Iterable[Secret]) -> str:
    """The text with these stretches replaced."""
    for one in sorted(found, reverse=True):
        text = text[: one.start] + one.mask + text[one.end :]
    return text
