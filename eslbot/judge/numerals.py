"""Chinese numbers in a folded phrase: every way in which people and recognisers write the same number.

A recogniser writes what is read out (百分之五, 十五, 两千), a pack's author what is written (5%, 15, 2000). Folding
is character by character (5% -> 五%, 15 -> 一五) and needs no context; a phrase is looked for in each of its spellings.
Knows digits, places, and the words that merely hold a numeral (一定, 万一, 千万). Knows no rule. Pure.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_DIGITS = "零一二三四五六七八九"
_VALUES = {character: value for value, character in enumerate(_DIGITS)} | {"两": 2, "幺": 1}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}

_IDIOMS = (
    r"一(?=[定起直样般下些切律旦共向边致同手路心旁再时会概如等流])|一(?=点(?![零一二三四五六七八九]))"
    r"|十(?=分(?!之|钟)|足)|百(?=姓|货|科|度|搭|忙)|千(?=万[不别要记注小给把得请])|(?<=千)万(?=[不别要记注小给把得请])"
    r"|万(?=一(?![零一二两三四五六七八九十百千万亿点%]))|(?<=万)一(?![零一二两三四五六七八九十百千万亿点%])|万(?=分|能|全|无)"
    r"|(?<=[第统唯单同另每这那某逐])一"
)
"""Numerals that count nothing where they stand."""
_NUMERAL = rf"(?:(?!{_IDIOMS})[零一二两三四五六七八九幺十百千万亿])"
_NUMBER = rf"{_NUMERAL}+(?:点[零一二三四五六七八九]+[万亿]?)?"
_FIND = re.compile(
    rf"(?P<all>百分之百|百分百)|百分之(?P<of>{_NUMBER})|(?P<percent>{_NUMBER})%|(?P<plain>{_NUMBER})"
)
_RUN = re.compile("[零一二三四五六七八九幺]+")
_ANY = re.compile("[零一二三四五六七八九幺两十百千万亿]")
_MEASURES = "年月天日个位家次号块元人种笔期成倍套份起"
"""After a digit they begin a new number (百分之五一年) rather than go on with the last one."""
_GOES_ON = re.compile(rf"%|点[零一二三四五六七八九]|{_NUMERAL}(?![{_MEASURES}])")
_CAME_BEFORE = re.compile(rf"(?<!百分之)(?<!百分){_NUMERAL}$")
_LONGEST_CHECKED = 4
"""A run of more digits (12315) is known by itself: what stands beside it may be the next number."""
_MOST_DIGITS = 9
FORMS = 64
"""Most spellings of one phrase."""


class Number(NamedTuple):
    """A number in a folded phrase."""

    start: int
    end: int
    spellings: tuple[str, ...]
    """All of them, its own among them."""


def numbers(folded: str) -> list[Number]:
    """The numbers of a folded phrase that have a value, from left to right."""
    found = []
    for match in _FIND.finditer(folded):
        written = match["of"] or match["percent"] or match["plain"] or "一百"
        plain = match["plain"] is not None
        spelt = list(_spellings(written, plain))
        if not spelt:
            continue
        if not plain:
            spelt = [spelling for each in spelt for spelling in (f"{each}%", f"百分之{each}")]
            if "一百" in map(_bare, spelt):
                spelt += ["百分之百", "百分百"]
        found.append(Number(match.start(), match.end(), tuple(dict.fromkeys([match[0], *spelt]))))
    return found


def spellings(folded: str) -> list[str]:
    """Every way to write a folded phrase, itself first; at most `FORMS`."""
    if _ANY.search(folded) is None:
        return [folded]
    forms, position = [""], 0
    for number in numbers(folded):
        between = folded[position : number.start]
        forms = [form + between + spelling for form in forms for spelling in number.spellings][:FORMS]
        position = number.end
    return list(dict.fromkeys(form + folded[position:] for form in forms))


def edges(folded: str) -> tuple[bool, bool]:
    """Whether a phrase begins, and whether it ends, with a number that the text around it could go on with: 五% must
    not be found in 一五%, nor 百分之五 in 百分之五十."""
    if _ANY.search(folded) is None:
        return False, False
    found = [match for match in _FIND.finditer(folded) if not match["all"] and not _known(match[0])]
    begins = any(match.start() == 0 and match["of"] is None for match in found)
    ends = any(match.end() == len(folded) and match["percent"] is None for match in found)
    return begins, ends


def goes_on(text: str, start: int, end: int, begins: bool, ends: bool) -> bool:
    """Whether the number at an edge of a phrase at this place of a text is part of a longer one."""
    if ends and _GOES_ON.match(text, end):
        return True
    return begins and _CAME_BEFORE.search(text, max(0, start - 4), start) is not None


def _known(written: str) -> bool:
    return len(written) > _LONGEST_CHECKED and _RUN.fullmatch(written) is not None


def _bare(spelling: str) -> str:
    return spelling.removesuffix("%").removeprefix("百分之")


def _spellings(written: str, plain: bool) -> Iterator[str]:
    """The ways to write a number without its per cent; none where it has no value."""
    whole, _, fraction = written.partition("点")
    unit = fraction[-1:] if fraction[-1:] in _MYRIADS else ""
    digits = [_VALUES[each] for each in fraction.removesuffix(unit)]
    if _RUN.fullmatch(whole) and len(whole) > 1 and not fraction:
        yield from _read_out(whole, plain)
        if whole[0] == "零" or len(whole) > _MOST_DIGITS:
            return
    value = _value(whole)
    if value is None:
        return
    if fraction:
        tail = "点" + "".join(_DIGITS[digit] for digit in digits) + unit
        yield from (head + tail for head in _whole(value))
        parts, size = 10 ** len(digits), _MYRIADS.get(unit, 0)
        scaled = (value * parts + int("".join(map(str, digits)))) * size
        if unit and scaled % parts == 0:
            yield from _whole(scaled // parts)
        return
    yield from _whole(value)


def _read_out(run: str, plain: bool) -> Iterator[str]:
    """A run of digits, as it is written and with the 1 that is heard on telephones (幺, by some recognisers 么)."""
    digits = run.replace("幺", "一")
    yield digits
    if plain and len(digits) > 2 and "一" in digits:
        yield digits.replace("一", "幺")
        yield digits.replace("一", "么")


def _value(written: str) -> int | None:
    """二零二六 and 两千零二十六 are 2026, 一百二 is 120, 一零零万 is 1000000; None: no number (万一, 百千)."""
    if _RUN.fullmatch(written):
        return int("".join(str(_VALUES[each]) for each in written))
    for unit in ("亿", "万"):
        head, found, tail = written.rpartition(unit)
        if found:
            above, below = _value(head) if head else None, _below(tail, _MYRIADS[unit])
            return None if above is None or below is None else above * _MYRIADS[unit] + below
    return _section(written)


def _below(written: str, unit: int) -> int | None:
    if not written:
        return 0
    if len(written) == 1 and written in _VALUES:
        return _VALUES[written] * unit // 10
    return _value(written)


def _section(written: str) -> int | None:
    """A number below ten thousand with its places: 一百二十三, 十五, 一百零五, 两千五."""
    total, digit, last = 0, None, 10_000
    for index, character in enumerate(written):
        if character in _PLACES:
            place = _PLACES[character]
            if place >= last or (digit is None and (place > 10 or index > 0)) or digit == 0:
                return None
            total, digit, last = total + (1 if digit is None else digit) * place, None, place
        elif digit is not None and digit != 0:
            return None
        else:
            digit = _VALUES[character]
            if digit == 0 and index == len(written) - 1 and len(written) > 1:
                return None
    if digit is None:
        return total
    omitted = last // 10 if last < 10_000 and last > 10 and written[-2] in _PLACES else 1
    return total + digit * omitted


def _whole(value: int) -> Iterator[str]:
    """A whole number: digit by digit, with places, and as so many ten thousands."""
    yield "".join(_DIGITS[int(digit)] for digit in str(value))
    placed = _placed(value)
    for spelt in (placed, placed.removeprefix("一") if placed.startswith("一十") else placed):
        yield spelt
        yield re.sub("二(?=[百千万亿])", "两", spelt)
    if value == 2:
        yield "两"
    short = _short(value)
    if short:
        yield short
        yield re.sub("二(?=[百千万亿])", "两", short)
    for unit, size in _MYRIADS.items():
        if value >= size and value % (size // 10) == 0:
            whole, tenth = divmod(value * 10 // size, 10)
            yield "".join(_DIGITS[int(digit)] for digit in str(whole)) + (f"点{_DIGITS[tenth]}" if tenth else "") + unit


def _placed(value: int) -> str:
    """With places, as it is written out: 105 is 一百零五, 10010 一万零一十."""
    if value == 0:
        return "零"
    for unit, size in (("亿", 100_000_000), ("万", 10_000)):
        if value >= size:
            above, below = divmod(value, size)
            zero = "零" if 0 < below < size // 10 else ""
            return _placed(above) + unit + zero + (_placed(below) if below else "")
    text, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, place)
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
        gap = not digit
    return text


def _short(value: int) -> str:
    """The last place left out, as it is spoken: 一百二, 两千五, 一万五; empty where that is not done."""
    for size, name in ((10_000, "万"), (1000, "千"), (100, "百")):
        if size < value < size * 10 and value % (size // 10) == 0 and value % size:
            return _DIGITS[value // size] + name + _DIGITS[value % size * 10 // size]
    return ""
