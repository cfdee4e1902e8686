import subprocess
import sys

import pytest

from eslbot.judge.readings import reading


@pytest.mark.parametrize(
    ("character", "read"), [("赔", "pei"), ("女", "nv"), ("吕", "lv"), ("略", "lve"), ("㐀", "qiu"), ("嗯", "n")],
)  # fmt: skip
def test_a_character_has_its_most_common_reading_without_tone(character: str, read: str) -> None:
    assert reading(character) == read


@pytest.mark.parametrize("character", ["a", "%", " ", "\u33ff", "\ua000", "\U00020000", "カ"])
def test_what_is_no_character_of_the_two_blocks_has_none(character: str) -> None:
    assert reading(character) == ""


def test_every_reading_is_letters(  # a mark left on one would make it a sound of its own
) -> None:
    read = {reading(chr(point)) for point in range(0x3400, 0xA000)} - {""}
    assert len(read) > 400
    assert all(each.isascii() and each.isalpha() and each.islower() for each in read)


def test_the_librarys_phrases_are_not_loaded() -> None:
    code = "import sys; from eslbot.judge.sounds import sounds; sounds().of('保本'); print('pypinyin' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True).stdout
    assert told.strip() == "False"
