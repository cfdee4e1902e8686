"""The settings of what is kept and for how long: audit, retention, backup. Knows what a value may be, not who uses
it."""

from typing import Any, Literal

from pydantic import Field, model_validator

from eslbot.config.fields import BackupPlace, LocalPath, WebUrl
from eslbot.config.periods import Period
from eslbot.config.section import Section
from eslbot.model.call import PURPOSES


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


class PeriodSection(Section):
    keep: Period | None = None
    """How long recordings of calls for this purpose are kept; absent: as `[retention] keep` says."""
    basis: str = ""
    """Why that long. Needed with `keep`."""

    @model_validator(mode="after")
    def _founded(self) -> "PeriodSection":
        if self.keep is not None and not self.basis.strip():
            raise ValueError("keep needs basis: write down why recordings are kept that long")
        return self


class PurposesSection(Section):
    """One table for each thing that calls may be for, where its recordings have a period of their own. A channel says
    it by the variable `eslbot_purpose`."""

    marketing: PeriodSection
    collection: PeriodSection
    survey: PeriodSection
    service: PeriodSection

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        return {**{purpose: {} for purpose in PURPOSES}, **data} if isinstance(data, dict) else data


class RetentionSection(Section):
    keep: Period | None = None
    """How long a recording is kept after its call ended (`30d`, `5y`); absent: for ever. Where a pack in use stands for
    a law that asks for longer, that is longer."""
    basis: str = ""
    """Why that long: what the law or the purpose is. Needed with `keep`; it stands in each receipt."""
    below_minimum: bool = False
    """Let `keep` be shorter than what the packs' laws ask for."""
    every: Period = Field(default=86400.0, validate_default=False)
    """How often the service erases what has expired."""
    rows: Period | None = None
    """How long rows of a call (its times, violations, acts, closing and alerts: no words, no numbers) are kept after it
    ended, and never shorter than its recording; absent: for ever."""
    default_purpose: Literal["", "marketing", "collection", "survey", "service"] = ""
    """What calls are for whose channels do not say (the variable `eslbot_purpose`)."""
    purpose: PurposesSection

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        return {"purpose": {}, **data} if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _founded(self) -> "RetentionSection":
        if self.keep is not None and not self.basis.strip():
            raise ValueError("keep needs basis: write down why recordings are kept that long")
        return self


class BackupSection(Section):
    to: BackupPlace | None = None
    """A directory, best on another machine's disk, or `s3://bucket/prefix`; absent: nothing is backed up."""
    endpoint: WebUrl | None = None
    """URL of the object store, where it is not Amazon's. Credentials stand where boto3 looks for them."""
    every: Period = Field(default=86400.0, validate_default=False)
    """How often the service backs up."""
    keep: int = Field(default=7, ge=1, le=10_000)
    """Snapshots that are kept; sealed files are kept once, however many snapshots need them."""
    rehearse: Period = Field(default=604800.0, validate_default=False)
    """How often the service rehearses a restore of a sample, by its digests."""
    sample: int = Field(default=20, ge=1, le=1_000_000)
    """Calls in that sample."""
