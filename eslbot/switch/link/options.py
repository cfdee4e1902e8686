"""What a link is told at its start and what it tells besides facts. Values only."""

import ipaddress
from dataclasses import dataclass, field

from eslbot.switch.commands import Refused

DEFAULT_PASSWORD = "ClueCon"
"""FreeSWITCH's own, known to everybody."""


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """Raises Refused for FreeSWITCH's default password on an address that others can reach."""

    name: str
    """The configured switch's."""
    host: str
    """A name, an IPv4 or an IPv6 address."""
    port: int
    password: str = field(repr=False)
    user: str | None = None
    """`user@domain` of the directory: signs in by userauth, and may do what esl-allowed-* says."""
    forked: bool = True
    """Whether audio may come by mod_audio_fork, whose events are asked for then only: where they are not allowed, and
    not needed, nobody has to be told."""
    queue: int = 20_000
    """Events that may wait to be told. One more, and the link starts anew: what is up is asked, nothing is guessed."""

    def __post_init__(self) -> None:
        if self.password == DEFAULT_PASSWORD and not self.loopback:
            raise Refused(f"switch {self.name}: FreeSWITCH's default password, on an address that is not loopback")

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that people who run the service should know, besides SwitchDown."""

    kind: str
    """Bounded: `default-password`, `unreachable`, `refused`, `restricted`, `overflow`, `unusable-event`,
    `callback-failed`."""
    detail: str
    """Never a number, a name or a password."""
