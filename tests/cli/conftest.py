"""A directory with a configuration and a key, and the command line run in this process."""

import json
from dataclasses import dataclass
from pathlib import Path

import gevent.threadpool
import pytest

from eslbot.cli.app import main
from eslbot.config import load
from eslbot.greenlets import Greenlets
from eslbot.record.identities import from_file
from eslbot.store import CallRow, Store
from eslbot.supervise.admin import AdminServer
from tests.improve.conftest import NEW, OLD, TALK
from tests.improve.sealed import STARTED, seal, words_of

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _quick_secrets(quick_secrets):
    pass


@dataclass
class Said:
    """What a command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def eslbot(capfd, monkeypatch):
    """Runs one command line."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("ESLBOT_ESL_PASSWORD", raising=False)

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return run


@pytest.fixture
def made(tmp_path, eslbot):
    """What `eslbot init` makes, with its live places inside it."""
    directory = tmp_path / "made"
    assert eslbot("init", directory).code == 0
    file = directory / "eslbot.toml"
    text = file.read_text()
    file.write_text(text.replace("/dev/shm/eslbot", str(tmp_path / "shm")).replace('# live = "', 'live = "'))
    return file


@pytest.fixture
def stored(made):
    """A configuration whose store knows a few calls; `old.yaml` is in force."""
    settings = load(made, {}, secrets=False)
    greenlets = Greenlets()
    store = Store(settings.store.url, greenlets)
    (identity,) = from_file(made.parent / "eslbot.key")
    for number, talk in enumerate(TALK):
        call = f"{number:08x}-0000-4000-8000-000000000000"
        store.recordings.put(
            seal(settings.record.directory, call, words_of(*talk), identity, started=STARTED + number * 86400))
        store.calls.put(CallRow(call, "pbx", STARTED, roles_known=True))
    assert store.flush(30)
    store.stop()
    greenlets.stop()
    (made.parent / "old.yaml").write_text(OLD)
    (made.parent / "new.yaml").write_text(NEW)
    made.write_text(made.read_text().replace('packs = ["cn-marketing"]', 'packs = ["cn-marketing", "old.yaml"]'))
    return made


@pytest.fixture
def admin(made):
    """Gives handlers to the admin socket of the configuration, as a running service does."""
    group, servers = Greenlets(), []

    def serve(handlers):
        servers.append(AdminServer(load(made, {}, secrets=False).admin.socket, group, handlers))
        servers[-1].start()

    yield serve
    for server in servers:
        server.stop()
    group.stop()


@pytest.fixture
def ask(made, eslbot):
    """Runs a command line in another thread, since the service's hub is in this one."""
    pool = gevent.threadpool.ThreadPool(1)
    yield lambda *arguments: pool.spawn(eslbot, *arguments, "-c", made).get(timeout=30)
    pool.kill()
