"""Only a UUID becomes a path, and a stored path leads nowhere else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.record import paths
from eslbot.record.paths import BadPath
from tests.record.rig import CALL, STARTED


def test_a_recording_lies_under_its_day_in_utc() -> None:
    assert paths.stem(CALL, 0.0, 1) == f"1970/01/01/{CALL}"
    assert paths.stem(CALL, 86399.999, 2) == f"1970/01/01/{CALL}.2"
    assert paths.stem(CALL, 86400.0, 10) == f"1970/01/02/{CALL}.10"


@given(st.uuids(), st.floats(0, 4e9), st.integers(1, 99))
def test_every_stem_is_a_path_again(call: object, started: float, part: int) -> None:
    stem = paths.stem(paths.checked(str(call)), started, part)
    assert paths.audio(Path("/r"), stem) == Path(f"/r/{stem}.audio")
    assert paths.words(Path("/r"), stem) == Path(f"/r/{stem}.words")


@given(st.text(max_size=40))
def test_text_is_no_call(text: str) -> None:
    with pytest.raises(BadPath):
        paths.checked(text)
    with pytest.raises(BadPath):
        paths.audio(Path("/r"), text)


@pytest.mark.parametrize("path", [f"../{CALL}", f"2026/11/23/{CALL}/../x", f"2026/11/23/{CALL}.0",
                                  f"2026/11/23/{CALL}.1/x", f"2026/11/23/{CALL}\n", f"/2026/11/23/{CALL}"])
def test_a_stored_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(BadPath):
        paths.words(Path("/r"), path)


def test_capital_letters_stay_as_the_switch_wrote_them() -> None:
    assert paths.checked(CALL.upper()) == CALL.upper()
    assert paths.stem(paths.checked(CALL.upper()), STARTED, 1).endswith(CALL.upper())
