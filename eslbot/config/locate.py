"""At which line of a TOML text each key stands. `tomllib` gives values without lines, so this scans the text once more.
Pure. It relies on the text being valid TOML (`tomllib.loads` took it before) and knows nothing of what the keys mean.

A place is a tuple of keys and, in arrays, indices: `("switch", 0, "port")` is the first `[[switch]]`'s port."""

import re
import tomllib

Place = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\]|\\.)*"')
_LITERAL = re.compile(r"'[^']*'")
_LONG_BASIC = re.compile(r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''(?:[^']|'{1,2}(?!'))*'{3,5}", re.DOTALL)
_STRINGS = (_LONG_BASIC, _LONG_LITERAL, _BASIC, _LITERAL)
_SCALAR = re.compile(r"[^,\]}#\r\n]*")


def locate(text: str) -> dict[Place, int]:
    """The line, from 1, on which each key, table header and array element begins. Where a key is spread over several
    places (`[a]`, later `[a.b]`), its first one."""
    return _Scan(text).run()


def line_of(lines: dict[Place, int], place: Place) -> int | None:
    """The line of `place`, or of the nearest thing around it that has one: a missing key is told where its table
    begins. None: nothing around it stands in the text."""
    for length in range(len(place), 0, -1):
        line = lines.get(place[:length])
        if line is not None:
            return line
    return None


class _Scan:
    """A cursor over the text. Every `_read_*` begins at the cursor and leaves it behind what it read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line, self._counted = 1, 0
        self._lines: dict[Place, int] = {}
        self._tables: dict[Place, int] = {}
        """How many elements each array of tables has so far."""

    def run(self) -> dict[Place, int]:
        table: Place = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._peek("["):
                table = self._read_header()
            else:
                self._read_pair(table)
            self._skip(_BLANK)
        return self._lines

    def _peek(self, mark: str) -> bool:
        return self._text.startswith(mark, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(f"not valid TOML at character {self._at}")
        self._at = found.end()
        return found[0]

    def _note(self, place: Place) -> None:
        """Write down that `place` begins at the cursor, unless it has been seen before."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        self._lines.setdefault(place, self._line)

    def _read_header(self) -> Place:
        array = self._peek("[[")
        start = self._at
        self._at += 2 if array else 1
        parts = self._read_key()
        end, self._at = self._at, start
        place: Place = ()
        for number, part in enumerate(parts):
            place = (*place, part)
            self._note(place)
            if array and number == len(parts) - 1:
                self._tables[place] = self._tables.get(place, 0) + 1
            if place in self._tables:
                place = (*place, self._tables[place] - 1)
                self._note(place)
        self._at = end + (2 if array else 1)
        return place

    def _read_key(self) -> list[str]:
        """A dotted key; the cursor ends at what follows it (`=` or `]`)."""
        parts = []
        while True:
            self._skip(_SPACE)
            parts.append(self._read_part())
            self._skip(_SPACE)
            if not self._peek("."):
                return parts
            self._at += 1

    def _read_part(self) -> str:
        if self._peek('"'):
            word: str = tomllib.loads("k=" + self._skip(_BASIC))["k"]
            return word
        if self._peek("'"):
            return self._skip(_LITERAL)[1:-1]
        return self._skip(_BARE)

    def _read_pair(self, table: Place) -> None:
        start = self._at
        parts = self._read_key()
        end, self._at = self._at, start
        place = table
        for part in parts:
            place = (*place, part)
            self._note(place)
        self._at = end + 1
        self._skip(_SPACE)
        self._read_value(place)

    def _read_value(self, place: Place) -> None:
        if self._peek("["):
            self._read_array(place)
        elif self._peek("{"):
            self._read_inline(place)
        elif self._peek('"') or self._peek("'"):
            for form in _STRINGS:
                if form.match(self._text, self._at):
                    self._skip(form)
                    return
        else:
            self._skip(_SCALAR)

    def _read_array(self, place: Place) -> None:
        self._at += 1
        index = 0
        while True:
            self._skip(_BLANK)
            if self._peek("]"):
                self._at += 1
                return
            if self._peek(","):
                self._at += 1
                continue
            self._note((*place, index))
            self._read_value((*place, index))
            index += 1

    def _read_inline(self, place: Place) -> None:
        self._at += 1
        while True:
            self._skip(_BLANK)
            if self._peek("}"):
                self._at += 1
                return
            if self._peek(","):
                self._at += 1
                continue
            self._read_pair(place)
