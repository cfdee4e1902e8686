"""How a Chinese character is read: the most common of its readings in pypinyin's table, without tone, for every
character of the two common blocks. The only file that knows pypinyin.

Of that library only the table of characters is read, and of it only this is kept, in two bytes a character: the package
itself would load its phrases and word lists too, 55 MiB in all. Knows no sounds that are confused (sounds.py).
Reads the library's table once, and nothing else of the world.
"""

import unicodedata
from array import array
from functools import cache, lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

FIRST, LAST = 0x3400, 0x9FFF
"""Code points: the Unified Ideographs and their first extension."""


def reading(character: str) -> str:
    """Its most common one in letters, ü as v; empty for what is no such character or has none."""
    point = ord(character) - FIRST
    syllables, table = _table()
    return syllables[table[point]] if 0 <= point < len(table) else ""


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[str, ...], "array[int]"]:
    """The syllables, and for each code point from FIRST on the index of its own. Raises ImportError where pypinyin is
    not what it was."""
    installed = _installed()
    numbers = {"": 0}
    table = array("H")
    for point in range(FIRST, LAST + 1):
        syllable = _toneless(installed.get(point, "").partition(",")[0])
        table.append(numbers.setdefault(syllable, len(numbers)))
    _toneless.cache_clear()
    return tuple(numbers), table


def _installed() -> dict[int, str]:
    """The library's own table: code point -> readings with their tones, parted by commas, the most common first."""
    package = find_spec("pypinyin")
    for place in (package.submodule_search_locations if package is not None else None) or ():
        file = Path(place) / "pinyin_dict.py"
        spec = spec_from_file_location("pypinyin's pinyin_dict", file)
        if file.is_file() and spec is not None and spec.loader is not None:
            module: Any = module_from_spec(spec)
            spec.loader.exec_module(module)
            found: dict[int, str] = module.pinyin_dict
            return found
    raise ImportError("pypinyin has no table of characters where it used to be")


@cache
def _toneless(syllable: str) -> str:
    apart = unicodedata.normalize("NFD", syllable)
    plain = "".join(each for each in apart if unicodedata.category(each) != "Mn")
    return plain.replace("u", "v") if "\u0308" in apart else plain
