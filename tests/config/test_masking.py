"""What masks may be set to."""

import pytest
from pydantic import ValidationError

from eslbot.config.masking import MaskSection


@pytest.mark.parametrize("key", ["", "*5", "#", "0D*9"])
def test_a_key_is_up_to_four_that_a_phone_has(key):
    assert MaskSection(key=key).key == key


@pytest.mark.parametrize("table", [{"key": "12345"}, {"key": "x"}, {"longest": "0s"}, {"longest": "2h"},
                                   {"back": "31s"}, {"hold": "-1s"}])
def test_what_no_phone_sends_and_what_would_hide_a_whole_call_is_refused(table):
    with pytest.raises(ValidationError):
        MaskSection.model_validate(table)
