"""The periods of appeals."""

import pytest
from pydantic import ValidationError

from eslbot.config.appeals import AppealsSection


def test_two_weeks_to_appeal_and_one_to_answer_unless_the_admin_says_otherwise() -> None:
    usual = AppealsSection()
    assert (usual.within, usual.answer) == (14 * 86_400.0, 7 * 86_400.0)
    assert AppealsSection.model_validate({"within": "48h", "answer": "30m"}).within == 48 * 3600.0


@pytest.mark.parametrize("period", ["14", 14, "0d", "-1d", "", "2w"])
def test_a_period_needs_a_number_and_a_unit(period: object) -> None:
    with pytest.raises(ValidationError, match="not a period"):
        AppealsSection.model_validate({"within": period})
