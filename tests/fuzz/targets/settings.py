"""eslbot.toml and the environment: findings, each with a place, or Settings; no other error, whatever the text."""

from eslbot.cli.template import filled
from eslbot.config import read
from tests.fuzz.tools import Choices, scratch

VARIABLES = ("ESLBOT_WATCH__LISTEN", "ESLBOT_JUDGE__PACKS", "ESLBOT_ALERT__COOLDOWN", "ESLBOT_ROLES__AGENT",
             "ESLBOT_AUDIO__FORK__LISTEN", "ESLBOT_STORE__URL", "ESLBOT_RECORD__RECIPIENTS", "ESLBOT_X__Y")  # fmt: skip


def seeds() -> list[bytes]:
    return [b"\x08\x00" + filled("age1q").encode(), *(_small(line) for line in LINES)]


LINES = (
    'listen = "127.0.0.1:9464"', "cooldown = '1m'", "[[switch]]\nname = 'a'\nport = 8021", "packs = ['a', \"b\"]",
    "[audio.fork]\nlisten = '[::1]:8080'", "a.b.c = {d = 1, e = [1, 2]}", 'x = """a\nb"""', "recipients = ['age1q']",
    "d = 1979-05-27T07:32:00Z", "f = [nan, inf, 1e400]", "url = 'postgresql+psycopg://a:b@c/d'", "group = 5",
)  # fmt: skip


def _small(line: str) -> bytes:
    return b"\x08\x00" + line.encode()


def one(data: bytes) -> None:
    choices = Choices(data)
    which, length = choices.byte(), choices.byte()
    environ = {"PASSWORD": "x"}
    if which < len(VARIABLES):
        environ[VARIABLES[which]] = choices.take(length).decode("utf-8", "replace").replace("\0", "")
    file = scratch() / "eslbot.toml"
    file.write_bytes(choices.rest())
    settings, findings = read(file, environ)
    assert settings is not None or any(finding.error for finding in findings)
    for finding in findings:
        assert str(finding)
        assert finding.line is None or finding.line >= 1
