"""The settings of appeals: how long a violation may be contested, and how soon it is to be answered. Knows what a value
may be, not who uses it."""

from pydantic import Field

from eslbot.config.periods import Period
from eslbot.config.section import Section


class AppealsSection(Section):
    within: Period = Field(default=1_209_600.0, validate_default=False)
    """How long after a violation was found its agent may appeal it; `14d`, `48h`."""
    answer: Period = Field(default=604_800.0, validate_default=False)
    """How soon an appeal is to be decided: from then on it is overdue, in the console and in the metrics."""
