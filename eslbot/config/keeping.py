"""The settings of what is kept and for how long: audit, retention, backup. Knows what a value may be, not who uses
it."""

from pydantic import Field, model_validator

from eslbot.config.fields import LocalPath
from eslbot.config.periods import Period
from eslbot.config.section import Section


class AuditSection(Section):
    reasons: bool = False
    """Whether who exports a recording must give a reason."""
    key: LocalPath | None = None
    """Private key that signs checkpoints (`eslbot audit key` makes it)."""
    checkpoint: LocalPath | None = None
    """File that checkpoints are appended to, best on another machine's disk; needs `key`. They go to the webhook too,
    where there is one."""
    every: Period = Field(default=3600.0, validate_default=False)
    """How often a checkpoint is made; `90s`, `12h`, `30d`."""

    @model_validator(mode="after")
    def _signed(self) -> "AuditSection":
        if self.checkpoint is not None and self.key is None:
            raise ValueError("a checkpoint needs key: `eslbot audit key -o FILE` makes one")
        return self
