"""The oracle is a writer of TOML: it draws a document and knows on which line it put each key, in every spelling that
TOML has for keys, tables and values; tomllib confirms that what it wrote is TOML and means what it drew."""

import tomllib
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from eslbot.config.locate import line_of, locate

SCALARS = st.sampled_from(
    [
        "1", "-0.5", "true", "inf", "1979-05-27T07:32:00Z", "07:32:00", '"a # b"', '"\\" ] } = \\\\"', "'c:\\no'", '""',
        '"""one\n[two]\nthree = 3 \\\n  four ""five"""', '"""\n"""""', "'''a\n# b = '' c\n'''", "''''''", "''",
        '"""x\\"""y"""',
    ]
)  # fmt: skip
COMMENTS = st.sampled_from(["", " # [x] y = 1", "\t"])
BREAKS = st.sampled_from(["", "\n", " # ], }\n", "\n\n  "])
NAMES = st.one_of(
    st.text(alphabet="abcXYZ019_-", min_size=1, max_size=6),
    st.text(alphabet="é.=#[]\"\\' \t", max_size=4),
)


@dataclass
class Writer:
    """Writes TOML and notes where."""

    data: object
    text: str = ""
    places: dict = field(default_factory=dict)

    def note(self, place):
        self.places.setdefault(place, self.text.count("\n") + 1)

    def draw(self, strategy):
        return self.data.draw(strategy)

    def key(self, name):
        if name and all(c.isascii() and (c.isalnum() or c in "_-") for c in name) and self.draw(st.booleans()):
            return name
        if "'" not in name and self.draw(st.booleans()):
            return f"'{name}'"
        escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        return f'"{escaped}"'

    def value(self, place, depth):
        kind = self.draw(st.sampled_from(["scalar", "scalar", "array", "inline"])) if depth else "scalar"
        if kind == "scalar":
            self.text += self.draw(SCALARS)
        elif kind == "array":
            self.text += "["
            count = self.draw(st.integers(0, 3))
            for index in range(count):
                self.text += self.draw(BREAKS)
                self.note((*place, index))
                self.value((*place, index), depth - 1)
                self.text += self.draw(BREAKS) + ("," if index < count - 1 or self.draw(st.booleans()) else "")
            self.text += self.draw(BREAKS) + "]"
        else:
            self.text += "{ "
            names = self.draw(st.lists(NAMES, unique=True, max_size=3))
            for number, name in enumerate(names):
                self.text += ", " if number else ""
                self.pair(place, name, depth - 1)
            self.text += " }"

    def pair(self, table, name, depth):
        place = (*table, name)
        self.note(place)
        self.text += self.key(name)
        if self.draw(st.booleans()):
            tail = self.draw(NAMES)
            place = (*place, tail)
            self.note(place)
            self.text += self.draw(st.sampled_from([".", " . "])) + self.key(tail)
        self.text += self.draw(st.sampled_from(["=", " = ", "\t=  "]))
        self.value(place, depth)

    def body(self, table):
        for name in self.draw(st.lists(NAMES, unique=True, max_size=3)):
            self.text += self.draw(st.sampled_from(["", "  ", "\n", "# k = 1\n"]))
            self.pair(table, name, 2)
            self.text += self.draw(COMMENTS) + "\n"

    def header(self, place, shown, array):
        """`shown`: the keys the header spells; the tables on the way there are noted too."""
        opening, closing = ("[[", "]]") if array else ("[", "]")
        for length in range(1, len(place) + 1):
            self.note(place[:length])
        self.text += opening + " . ".join(self.key(name) for name in shown) + closing + self.draw(COMMENTS) + "\n"


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_each_key_is_found_on_the_line_where_it_was_written(data):
    writer = Writer(data)
    writer.body(())
    used = {place[0] for place in writer.places}
    for name in writer.draw(st.lists(NAMES.filter(lambda n: n not in used), unique=True, max_size=4)):
        kind = writer.draw(st.sampled_from(["table", "deep", "array"]))
        if kind == "table":
            writer.header((name,), [name], array=False)
            writer.body((name,))
        elif kind == "deep":
            writer.header((name, "below"), [name, "below"], array=False)
            writer.body((name, "below"))
        else:
            for index in range(writer.draw(st.integers(1, 3))):
                writer.header((name, index), [name], array=True)
                writer.body((name, index))
                if (name, index, "sub") not in writer.places and writer.draw(st.booleans()):
                    writer.header((name, index, "sub"), [name, "sub"], array=False)
                    writer.body((name, index, "sub"))
    tomllib.loads(writer.text)
    assert locate(writer.text) == writer.places


def test_a_table_reopened_by_its_child_keeps_its_first_line():
    lines = locate("[a]\nx = 1\n\n[b]\n[a.c]\ny = 2\n")
    assert lines == {("a",): 1, ("a", "x"): 2, ("b",): 4, ("a", "c"): 5, ("a", "c", "y"): 6}


def test_a_missing_key_is_told_where_its_table_begins():
    lines = locate("\n[[switch]]\nname = 'a'\n[[switch]]\n")
    assert line_of(lines, ("switch", 1, "name")) == 4
    assert line_of(lines, ("switch", 0, "port", "x")) == 2
    assert line_of(lines, ("record", "recipients")) is None


def test_unicode_and_escapes_in_quoted_keys_are_the_keys_tomllib_gives():
    text = '"\\u00e9" = 1\n"tab\\there".\'a.b\' = 2\n'
    assert locate(text) == {("é",): 1, ("tab\there",): 2, ("tab\there", "a.b"): 2}
    assert tomllib.loads(text) == {"é": 1, "tab\there": {"a.b": 2}}


def test_ten_thousand_lines_take_no_quadratic_time():
    text = "".join(f"key{n} = [\n  {n},\n]\n" for n in range(4000))
    assert locate(text)[("key3999",)] == 3 * 3999 + 1
