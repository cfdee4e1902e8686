"""The demo's stage: a temporary directory with a key and a configuration, the embedded switch, and the real service
beside it. Knows how to set up and to clear away; not what is shown of it."""

import os
import secrets
import shutil
import socket
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from eslbot import data
from eslbot.config import Settings, load
from eslbot.record.keys import Identity, new_identity, recipient, write_identity_file
from eslbot.service.service import Service
from eslbot.sim import dialogue
from eslbot.sim.dialogue import Play
from eslbot.sim.party import Party
from eslbot.sim.switch import Call, Switch
from eslbot.store.accounts import AccountStore
from eslbot.supervise.passwords import Passwords
from eslbot.supervise.staffing import Staffing

PLAYS = ("clean", "missing-disclosure", "severe-promise")
"""The dialogues, in the order in which they are shown."""
PACKS = {"zh": "cn-marketing", "en": "us-telemarketing"}
_PASSWORD = "ESLBOT_DEMO_PASSWORD"
_MEMORY = Path("/dev/shm")
_CONFIGURATION = """\
[[switch]]
name = "embedded"
port = {port}
password_env = "{password}"
[audio]
spool = "{memory}/spool"
[recogniser]
model = "demo-{language}"
[judge]
packs = ["{pack}"]
language = "{language}"
[record]
recipients = ["{recipient}"]
live = "{memory}/live"
[watch]
listen = "127.0.0.1:{watch}"
[web]
{web}
[admin]
socket = "{memory}/eslbot.sock"
"""
_WEB = """\
listen = "{listen}"
language = "{language}"
[keys]
identity = "{key}"
"""


@dataclass(frozen=True, slots=True)
class Played:
    """One dialogue on the stage."""

    play: Play
    call: Call
    agent: Party
    customer: Party

    @property
    def id(self) -> str:
        """The call's id: the customer's leg."""
        return self.call.customer.uuid


class Stage:
    """Set up by `open`, cleared away by `close`."""

    def __init__(self, language: str, console: bool = False) -> None:
        """`console`: with the pages open on this machine, an account for them, and the key that plays recordings."""
        self.language = language
        self.console = f"http://127.0.0.1:{_free_port()}" if console else ""
        """Where the pages are; empty: nowhere."""
        self.name, self.password = "demo", secrets.token_urlsafe(9)
        """Who may sign in there."""
        self.identity: Identity = new_identity()
        self.directory = Path(tempfile.mkdtemp(prefix="eslbot-demo-"))
        memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
        self.memory = Path(tempfile.mkdtemp(prefix="eslbot-demo-", dir=memory))
        self.configuration = self.directory / "eslbot.toml"
        self.environ = {_PASSWORD: secrets.token_hex(16)}
        self.key = self.directory / "eslbot.key"
        self.switch = Switch(closing=data.prompts(language) / "closing.wav", password=self.environ[_PASSWORD])
        self.plays = [dialogue.load(data.dialogues(language) / name) for name in PLAYS]
        self._service: Service | None = None

    def open(self) -> None:
        """Starts the switch, then the service. Raises what either raises."""
        self.switch.start()
        write_identity_file(self.key, self.identity, datetime.now(UTC))
        text = _CONFIGURATION.format(
            port=self.switch.port,
            password=_PASSWORD,
            memory=self.memory,
            language=self.language,
            pack=PACKS[self.language],
            recipient=recipient(self.identity),
            watch=_free_port(),
            web=_WEB.format(listen=self.console.rpartition("/")[2], language=self.language, key=self.key)
            if self.console else "enabled = false",
        )
        self.configuration.write_text(text, encoding="utf-8")
        if self.console:
            self._people()
        self._service = Service(load(self.configuration, self.environ))
        self._service.start()

    def _people(self) -> None:
        """Whoever looks on, and the agent whose phone rings in every call."""
        store = AccountStore.made(load(self.configuration, self.environ).store.url)
        staffing = Staffing(store, Passwords(), self.name, time.time)
        staffing.add(self.name, "admin", password=self.password, must_change=False)
        staffing.add("agent", "agent", phone="1001")
        store.close()

    @property
    def service(self) -> Service:
        """The service, once the stage is open."""
        assert self._service is not None, "the stage is not open"
        return self._service

    @property
    def settings(self) -> Settings:
        return self.service.settings

    def place(self, play: Play) -> Played:
        """Calls the agent, then the customer, and lets them speak their lines."""
        ends = {play.hangs_up: play.ends}
        agent = Party(play.agent, hangs_up_at=ends.get("agent"))
        customer = Party(play.customer, hangs_up_at=ends.get("customer"))
        return Played(play, self.switch.place(agent, customer), agent, customer)

    def close(self) -> None:
        """Ends everything and leaves nothing behind."""
        try:
            if self._service is not None:
                self._service.stop()
            self.switch.stop()
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)
            shutil.rmtree(self.memory, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port
