"""Which bytes of a sound a request wants."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from eslbot.record.wav import Unsatisfiable
from eslbot.supervise.web.sounds import asked, pieces

SOUND: Any = SimpleNamespace(size=1000, tag="abc", read=lambda start, stop: iter([b"a" * (stop - start)]))


def wanted(**headers: str) -> tuple[int, int] | None:
    with Flask("x").test_request_context(headers={name.replace("_", "-"): value for name, value in headers.items()}):
        return asked(SOUND)


def test_a_range_is_what_is_asked_for_unless_it_is_of_another_sound() -> None:
    assert wanted() is None
    assert wanted(Range="bytes=10-19") == (10, 20)
    assert wanted(Range="bytes=10-19", If_Range='"abc"') == (10, 20)
    assert wanted(Range="bytes=10-19", If_Range='"of yesterday"') is None
    with pytest.raises(Unsatisfiable):
        wanted(Range="bytes=1000-")
    assert wanted(Range="bytes=1000-", If_Range='"of yesterday"') is None


def test_pieces_are_opened_one_after_another_until_there_is_none() -> None:
    opened: list[bytes] = []

    def next_(sealed: Any) -> bytes:
        opened.append(next(sealed, b""))
        return opened[-1]

    assert b"".join(pieces(SimpleNamespace(next=next_), SOUND, 5, 15)) == b"a" * 10  # type: ignore[arg-type]
    assert opened[-1] == b""
