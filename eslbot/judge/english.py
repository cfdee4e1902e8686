"""English phrases as they are written and as they are said: numbers in figures and in words, per cent, contractions.

Works on folded phrases (text.py), whose words stand between single spaces. Knows no rule, no inflection: return and
returns are two phrases. Pure.
"""

import re
from collections.abc import Iterator

from eslbot.judge.text import folder

_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = {"million": 1_000_000, "thousand": 1000, "hundred": 100}
_VALUES = {word: value for value, word in enumerate(_ONES)} | {
    word: value * 10 for value, word in enumerate(_TENS) if word
}
_NUMBER_WORD = rf"(?:{'|'.join([*_VALUES, *_SCALES])})"
_NUMBER = re.compile(
    rf" (?P<value>[0-9]+(?: [0-9]{{3}})*(?: point [0-9]+)?|(?:(?:a|an) (?={'|'.join(_SCALES)}))?"
    rf"{_NUMBER_WORD}(?: (?:and )?{_NUMBER_WORD})*(?: point(?: {'|'.join(_ONES[:10])})+)?)"
    r"(?P<percent> ?%| per ?cent(?= ))?(?= |\Z|(?<=%))"
)
_GOES_ON = re.compile(rf" ?(?:{_NUMBER_WORD}|[0-9]+|point (?:[0-9]|{_NUMBER_WORD})) ")
_CAME_BEFORE = re.compile(rf" (?:{_NUMBER_WORD}|[0-9]+|point) \Z")
_REACH = 16
_LARGEST = 10**9
FORMS = 64

_CONTRACTIONS = {
    "can not": "cannot cant", "will not": "wont", "do not": "dont", "does not": "doesnt", "did not": "didnt",
    "is not": "isnt", "are not": "arent", "was not": "wasnt", "were not": "werent", "would not": "wouldnt",
    "could not": "couldnt", "should not": "shouldnt", "have not": "havent", "has not": "hasnt", "had not": "hadnt",
    "must not": "mustnt", "need not": "neednt", "it is": "its", "that is": "thats", "there is": "theres",
    "you are": "youre", "they are": "theyre", "we are": "were", "i am": "im", "you will": "youll",
    "they will": "theyll", "it will": "itll", "i will": "ill", "we will": "well", "you have": "youve",
    "we have": "weve", "they have": "theyve", "i have": "ive",
}  # fmt: skip
"""As the folded text has them: the apostrophe is dropped. Three of them are words of their own (were, well, ill), which
a phrase may be contracted to, but is never expanded from."""
_CONTRACT = re.compile(rf"(?<= )(?:{'|'.join(_CONTRACTIONS)})(?= )")
_EXPANSIONS = {
    short: full
    for full, all_short in _CONTRACTIONS.items()
    for short in all_short.split()
    if short not in ("were", "well", "ill")
}
_EXPAND = re.compile(rf"(?<= )(?:{'|'.join(_EXPANSIONS)})(?= )")


def spellings(folded: str) -> list[str]:
    """Every way to write a folded phrase, itself first; at most `FORMS`."""
    forms = [folded]
    full = _EXPAND.sub(lambda found: _EXPANSIONS[found[0]], folded)
    forms.append(full)
    for found in _CONTRACT.finditer(full):
        forms += [
            form.replace(f" {found[0]} ", f" {short} ")
            for form in list(forms)
            for short in _CONTRACTIONS[found[0]].split()
        ]
    spelt = dict.fromkeys(spelling for form in dict.fromkeys(forms) for spelling in _numbers(form))
    fold = folder("en").fold
    return [form for form in spelt if form == folded or fold(form) == form][:FORMS]


def edges(folded: str) -> tuple[bool, bool]:
    """Whether a phrase begins, and whether it ends, with a number that the words around it could go on with: five
    percent must not be found in twenty five percent."""
    found = [match for match in _NUMBER.finditer(folded) if _value(match["value"]) is not None]
    begins = any(match.start() == 0 for match in found)
    return begins, any(match.end("value") >= len(folded.rstrip()) for match in found)


def goes_on(text: str, start: int, end: int, begins: bool, ends: bool) -> bool:
    """Whether the number at an edge of a phrase at this place of a text is part of a longer one."""
    if ends and _GOES_ON.match(text, end):
        return True
    return begins and _CAME_BEFORE.search(text, max(0, start - _REACH), start) is not None


def _numbers(form: str) -> Iterator[str]:
    """A phrase with its numbers written in every way, as it is first."""
    forms, position = [""], 0
    for match in _NUMBER.finditer(form):
        value = _value(match["value"])
        if value is None:
            continue
        spelt = dict.fromkeys([match["value"], *_whole(*value)])
        endings = dict.fromkeys([match["percent"], " %", " percent", " per cent"] if match["percent"] else [""])
        between = form[position : match.start()]
        forms = [f"{head}{between} {each}{ending}" for head in forms for each in spelt for ending in endings][:FORMS]
        position = match.end()
    rest = form[position:].rstrip(" ")
    for head in forms:
        whole = head + rest
        yield whole if whole.endswith("%") else f"{whole} "


def _value(written: str) -> tuple[int, str] | None:
    """(whole part, decimals) of a number in figures or in words; None where it has no value."""
    whole, _, fraction = written.partition(" point ")
    decimals = "".join(each if each.isdigit() else str(_VALUES[each]) for each in fraction.split())
    if whole[0].isdigit():
        number = int(whole.replace(" ", ""))
        return (number, decimals) if number < _LARGEST else None
    total = group = 0
    last = _LARGEST
    for word in whole.split():
        if word in ("a", "an"):
            group = 1
        elif word == "hundred":
            if group > 99:
                return None
            group, last = max(1, group) * 100, 100
        elif word in _SCALES:
            total, group, last = total + max(1, group) * _SCALES[word], 0, _LARGEST
        elif word != "and":
            value = _VALUES[word]
            size = 10 if value < 10 else 100
            if value >= last or (group % size if value else group):
                return None
            group, last = group + value, 10 if value >= 20 else 1
    return total + group, decimals


def _whole(value: int, decimals: str) -> Iterator[str]:
    """A number in figures and in words."""
    heads = [str(value), *_words(value)]
    if not decimals:
        yield from heads
        return
    said = " ".join(_ONES[int(digit)] for digit in decimals)
    for head in heads:
        yield f"{head} point {decimals if head.isdigit() else said}"


def _words(value: int) -> Iterator[str]:
    """100: one hundred, a hundred; 120: one hundred twenty, one hundred and twenty."""
    spelt = _spelt(value, "")
    spoken = _spelt(value, "and ")
    for each in dict.fromkeys([spelt, spoken]):
        yield each
        if re.match(r"one (?:hundred|thousand|million)\b", each):
            yield f"a{each.removeprefix('one')}"


def _spelt(value: int, conjunction: str) -> str:
    if value < 20:
        return _ONES[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return _TENS[tens] + (f" {_ONES[ones]}" if ones else "")
    for name, size in _SCALES.items():
        if value >= size:
            above, below = divmod(value, size)
            joint = conjunction if below and (size == 100 or below < 100) else ""
            return f"{_spelt(above, conjunction)} {name}" + (f" {joint}{_spelt(below, conjunction)}" if below else "")
    raise AssertionError(value)
