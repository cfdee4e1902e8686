"""The sections that say where calls and their audio come from: switches, roles, audio, recogniser.
Knows what their values may be. Does not know TOML, lines, or who uses a value."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from eslbot.config.fields import Address, Listed, Listen, LocalPath, Model, WebSocketUrl, is_loopback
from eslbot.config.numbers import Numbers
from eslbot.config.section import Section, Variable, Word, secret_of

DEFAULT_PASSWORD = "ClueCon"
"""FreeSWITCH's own, known to everyone."""
PLACEHOLDER = "CHANGE-THIS-PASSWORD"
"""What stands in freeswitch_conf/ until an admin puts a password there; as well known."""


class SwitchSection(Section):
    """A FreeSWITCH's event socket; any number of `[[switch]]`."""

    name: Word
    """Its name in logs, metrics and tables; each switch its own."""
    host: str = Field(default="127.0.0.1", min_length=1, pattern=r"^[^\s/]+$")
    """Name or address."""
    port: int = Field(default=8021, ge=1, le=65535)
    """Of the event socket."""
    user: str | None = Field(default=None, pattern=r"^[^@:\s]+@[^@:\s]+$")
    """`user@domain` of the directory, to sign in with userauth; absent: the socket's own password."""
    password_env: Variable = "ESLBOT_ESL_PASSWORD"
    """Name of the environment variable that holds the password. FreeSWITCH's default password is refused, except on
    loopback, where it is warned of."""
    _password: str = PrivateAttr(default="")

    @field_validator("password_env")
    @classmethod
    def _check_password(cls, name: str, info: ValidationInfo) -> str:
        if secret_of(name, info) == PLACEHOLDER:
            raise ValueError(f"{name} holds the placeholder of freeswitch_conf/: set a password, there and here")
        host = info.data.get("host")
        if secret_of(name, info) == DEFAULT_PASSWORD and host is not None and not is_loopback(host):
            raise ValueError(
                f"{name} holds FreeSWITCH's default password, which everybody knows: it is refused for {host}; "
                "set another one in event_socket.conf.xml and here"
            )
        return name

    def model_post_init(self, context: Any, /) -> None:
        self._password = (context or {}).get("environ", {}).get(self.password_env, "")

    @property
    def password(self) -> str:
        """From the environment; empty where it was not asked for."""
        return self._password


class RolesSection(Section):
    """Who is who, by number, where the channel variable eslbot_role does not say it. Regular expressions (RE2's
    syntax), matched whole against a leg's own number: what was dialled for a leg that was called, the authenticated
    user for a leg that called in."""

    agent: Numbers | None = None
    """Numbers, extensions or users of agents."""
    customer: Numbers | None = None
    """Of customers."""
    supervisor: Numbers | None = None
    """Of supervisors."""
    trust_caller_number: bool = False
    """For legs that called in, believe the caller number too. Anyone can forge it."""


class ForkSection(Section):
    """Where mod_audio_fork or mod_audio_stream connects."""

    listen: Listen = Address("127.0.0.1", 8085)
    """Address that the module connects to."""
    advertise: WebSocketUrl | None = None
    """What the switch is told to connect to; absent: ws:// and the address above."""

    @property
    def url(self) -> str:
        return (self.advertise or f"ws://{self.listen}").rstrip("/")


class AudioSection(Section):
    source: Literal["spool", "fork"] = "spool"
    """`spool`: FreeSWITCH on this host records into a directory; `fork`: it streams by mod_audio_fork."""
    spool: LocalPath = Path("/dev/shm/eslbot")
    """Directory of the spool, the same path for FreeSWITCH; a tmpfs of its own, best with a size."""
    group: str | None = None
    """Group of the spool's files, where FreeSWITCH runs as another user; absent: ours."""
    fork: ForkSection

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        return {"fork": {}, **data} if isinstance(data, dict) else data


class RecogniserSection(Section):
    model: Model | None = None
    """A shipped model's name or a directory; `demo-zh` where no url is given either."""
    url: Annotated[tuple[WebSocketUrl, ...], Listed] = ()
    """One vosk-server or several, instead of a local model."""
    resample: bool = False
    """Allow calls whose rate is not the model's."""
    workers: int = Field(default=1, ge=1, le=256)
    """Local recogniser processes."""

    @field_validator("url")
    @classmethod
    def _one_of(cls, url: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if url and info.data.get("model") is not None:
            raise ValueError("either a model or a url, not both")
        return url

    @property
    def local_model(self) -> str | None:
        """Name or path of the local model; None: the urls do it."""
        return None if self.url else self.model or "demo-zh"
