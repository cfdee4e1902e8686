"""What [web] and [reasons] may say."""

from ipaddress import ip_network

import pytest

from eslbot.config import ConfigError, load
from tests.config.examples import ENVIRON, SMALLEST, write


def web(directory, text=""):
    return load(write(directory, f"{SMALLEST}{text}"), ENVIRON)


def told(directory, text):
    with pytest.raises(ConfigError) as refused:
        web(directory, text)
    return str(refused.value)


def test_it_is_there_on_loopback_by_default(tmp_path):
    section = web(tmp_path).web
    assert (section.enabled, str(section.listen), section.behind_proxy) == (True, "127.0.0.1:8088", ())
    assert (section.idle, section.lasts) == (14_400.0, 43_200.0)
    assert (section.connections, section.live_pages, section.live_pages_each) == (640, 320, 16)


@pytest.mark.parametrize(
    "text",
    [
        '[web]\nlisten = "0.0.0.0:8443"\ncertificate = "c"\nkey = "k"\n',
        '[web]\nlisten = "10.0.0.5:8088"\nbehind_proxy = ["10.0.0.7"]\n',
        '[web]\nlisten = "10.0.0.5:8088"\nenabled = false\n',
        '[web]\nlisten = "[::1]:8088"\n',
    ],
)
def test_beyond_loopback_it_is_sealed_or_behind_a_proxy_or_off(tmp_path, text):
    web(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[web]\nlisten = "0.0.0.0:8088"\n', "in plain"),
        ('[web]\ncertificate = "c"\n', "go together"),
        ('[web]\nbehind_proxy = ["10.0.0.7/8"]\n', "no address and no network"),
        ('[web]\npublic_url = "https://bot.example/eslbot"\n', "without a path"),
        ('[web]\nconnections = 100\nlive_pages = 80\n', "half of connections (100)"),
        ('[web]\nconnections = 3\n', "web.connections"),
        ('[web]\nidle = "soon"\n', "not a period"),
        ('[reasons]\nacts = ["dance"]\n', "reasons.acts"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(tmp_path, text, said):
    assert said in told(tmp_path, text)


def test_several_may_be_written_as_one_string(tmp_path):
    settings = web(tmp_path, '[web]\nbehind_proxy = "10.0.0.0/24, ::1"\n[reasons]\nacts = "listen, hangup"\n')
    assert settings.web.behind_proxy == (ip_network("10.0.0.0/24"), ip_network("::1"))
    assert settings.reasons.acts == ("listen", "hangup")
