"""What can be set: frozen models, one per section of eslbot.toml, each field with its meaning and its default.
Knows what a value may be. Does not know TOML, lines, or who uses a value; no room imports this, service.py hands each
room what it needs.

Validation may be given a context: `base` (Path, where relative paths begin), `environ` (mapping, where secrets are),
`secrets` (False: nobody will connect, so absent secrets are no error) and `recipient` (callable raising ValueError for
a recipient that is none)."""

import re
import socket
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from eslbot.config.appeals import AppealsSection
from eslbot.config.fields import (
    Address,
    Duration,
    FarPath,
    Listed,
    Listen,
    LocalPath,
    NameOrPath,
    StoreUrl,
    WebUrl,
    is_loopback,
)
from eslbot.config.inputs import AudioSection, RecogniserSection, RolesSection, SwitchSection
from eslbot.config.keeping import AuditSection, BackupSection, RetentionSection
from eslbot.config.keyholders import KeysSection, RecipientSection, check_recipient
from eslbot.config.masking import MaskSection
from eslbot.config.section import Language, Section, Variable, Word, secret_of
from eslbot.config.supervise import EscalationSection, MessageSection, SuperviseSection
from eslbot.config.web import ReasonSection, WebSection


class JudgeSection(Section):
    packs: Annotated[tuple[NameOrPath, ...], Listed] = ("cn-marketing",)
    """Shipped rule packs by name, own ones by path."""
    directory: LocalPath = Path("packs")
    """Where `eslbot rules publish` puts packs; what is published stands before a pack of the same name in `packs`."""
    language: Language = "zh"
    """`zh` or `en`: what is spoken in the calls."""


class ActSection(Section):
    shadow: bool = False
    """Start in shadow mode: judge, record and close, but touch nothing of our own accord."""
    allow_hang_up: bool = False
    """Whether a rule may end a call."""
    mute_fallback: Literal["hang_up", "announce", "none"] = "none"
    """What follows a mute that the switch refused, besides the alert; `hang_up` needs allow_hang_up too."""
    remind_default: Word = "reminder"
    """The prompt of a plain `remind`."""
    remind_gap: Duration = Field(default=15.0, validate_default=False)
    """After a reminder an agent gets no other for so long; what was due is written down as suppressed."""


DEFAULT_SECRET = "ESLBOT_WEBHOOK_SECRET"
"""The environment variable that is looked at where none is named."""


class AlertSection(Section):
    allow_http: bool = False
    """Let the webhook be plain http on another host than this one."""
    secret_env: Variable | None = None
    """Name of the environment variable with the secret that signs each post (HMAC-SHA256); absent:
    ESLBOT_WEBHOOK_SECRET, and posts go unsigned, with a warning, where that is not set."""
    webhook: WebUrl | None = None
    """Where alerts are posted."""
    ca_file: LocalPath | None = None
    """PEM file of the authorities to believe for the webhook; absent: the system's."""
    cooldown: Duration = Field(default=60.0, validate_default=False)
    """An alert of the same call and rule within this time is logged and stored, but not posted again."""
    _secret: str = PrivateAttr(default="")

    @field_validator("secret_env")
    @classmethod
    def _check_secret(cls, name: str | None, info: ValidationInfo) -> str | None:
        if name is not None:
            secret_of(name, info)
        return name

    @field_validator("webhook")
    @classmethod
    def _safe(cls, webhook: str | None, info: ValidationInfo) -> str | None:
        if webhook is None:
            return None
        parts = urlsplit(webhook)
        if parts.scheme == "http" and not info.data.get("allow_http") and not is_loopback(parts.hostname or ""):
            raise ValueError(f"plain http to {parts.hostname}: use https, or set allow_http = true")
        return webhook

    def model_post_init(self, context: Any, /) -> None:
        self._secret = (context or {}).get("environ", {}).get(self.secret_env or DEFAULT_SECRET, "")

    @property
    def secret(self) -> str:
        """From the environment; empty where it was not asked for, or posts are not to be signed."""
        return self._secret


class CloseSection(Section):
    enabled: bool = True
    """Whether the closing announcement is armed at all."""
    extension: Word = "eslbot_closing"
    """The dialplan's extension that plays the closing."""
    context: Word = "default"
    """The dialplan context it stands in."""


class PromptsSection(Section):
    path: FarPath | None = None
    """Directory of the prompts as the switch sees it; absent: the shipped ones (switch on this host)."""
    language: Language | None = None
    """Of the shipped prompts; absent: the judge's."""


class RecordSection(Section):
    directory: LocalPath = Path("recordings")
    """Where sealed recordings are kept."""
    recipients: Annotated[tuple[Annotated[str, AfterValidator(check_recipient)], ...], Listed] = ()
    """Public keys (age1...) that can open the recordings, audio and words. One at least, here or in `[[recipient]]`."""
    live: LocalPath = Path("/dev/shm/eslbot-live")
    """Directory on tmpfs for the keys of calls that are going on (mode 0600)."""


class WatchSection(Section):
    listen: Listen = Address("127.0.0.1", 9464)
    """Of /metrics, /healthz and /readyz."""


class LogSection(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    """`debug`, `info`, `warning` or `error`: lines below it are not written."""
    format: Literal["auto", "json", "console"] = "auto"
    """`auto`: console on a terminal, else JSON lines."""


class StoreSection(Section):
    url: StoreUrl = "sqlite:///eslbot.db"
    """SQLAlchemy URL of the tables of calls, recordings, violations, acts."""


class JournalSection(Section):
    directory: LocalPath = Path("journal")
    """Where each live call's steps are written down before they are taken."""


class AdminSection(Section):
    socket: LocalPath = Path("eslbot.sock")
    """Where the command line reaches the running service (mode 0600)."""

    @field_validator("socket")
    @classmethod
    def _short(cls, path: Path) -> Path:
        if len(str(path).encode()) > 107:
            raise ValueError("the path is longer than the 107 bytes a Unix socket may have")
        return path


_TABLES = (
    "roles", "audio", "recogniser", "judge", "act", "alert", "close", "prompts", "record", "watch", "log", "store",
    "journal", "admin", "audit", "retention", "backup", "keys", "web", "reasons", "supervise", "message", "escalation",
    "mask", "appeals",
)  # fmt: skip


def _host_name() -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", socket.gethostname()).strip("-._")[:64] or "eslbot"


class Settings(Section):
    """The whole configuration."""

    node: Word = Field(default_factory=_host_name)
    """This service's name in recordings and tables; absent: the host's."""
    switches: tuple[SwitchSection, ...] = Field(default=(), alias="switch")
    """One at least, each with a name of its own (load sees to that)."""
    roles: RolesSection
    audio: AudioSection
    recogniser: RecogniserSection
    judge: JudgeSection
    act: ActSection
    alert: AlertSection
    close: CloseSection
    prompts: PromptsSection
    record: RecordSection
    recipients: tuple[RecipientSection, ...] = Field(default=(), alias="recipient")
    """Who else can open recordings, by role."""
    keys: KeysSection
    watch: WatchSection
    log: LogSection
    store: StoreSection
    journal: JournalSection
    admin: AdminSection
    audit: AuditSection
    retention: RetentionSection
    backup: BackupSection
    web: WebSection
    reasons: ReasonSection
    supervise: SuperviseSection
    message: MessageSection
    escalation: EscalationSection
    mask: MaskSection
    appeals: AppealsSection

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        """An absent table is an empty one, so that its defaults know where relative paths begin."""
        empty: dict[str, Any] = {"switch": [], "recipient": [], **{table: {} for table in _TABLES}}
        return {**empty, **data} if isinstance(data, dict) else data

    @field_validator("switches", "recipients", mode="before")
    @classmethod
    def _an_array(cls, tables: Any, info: ValidationInfo) -> Any:
        if isinstance(tables, dict):
            name = "switch" if info.field_name == "switches" else "recipient"
            raise ValueError(f"write [[{name}]], with two brackets: there can be several")
        return tables

    @field_validator("switches")
    @classmethod
    def _some(cls, switches: tuple[SwitchSection, ...]) -> tuple[SwitchSection, ...]:
        if not switches:
            raise ValueError("at least one [[switch]] is needed")
        return switches

    @property
    def sealed_for(self) -> tuple[str, ...]:
        """Who opens recordings, as their rows keep it: `age1...`, or `age1... words`."""
        return (*self.record.recipients, *(one.text for one in self.recipients))

    @property
    def prompt_language(self) -> Language:
        """Of the shipped prompts."""
        return self.prompts.language or self.judge.language
