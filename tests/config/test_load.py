import pytest

from eslbot.config import ConfigError, load, read
from tests.config.examples import CONTRACT, ENVIRON, RECIPIENT, SMALLEST, write


def told(path, environ=ENVIRON, **options):
    """Findings as text, the file's directory cut off."""
    settings, findings = read(path, environ, **options)
    assert settings is None
    return [str(finding).replace(f"{path.parent}/", "") for finding in findings]


def test_the_documented_configuration_gives_its_own_values(tmp_path):
    settings = load(write(tmp_path, CONTRACT), ENVIRON)
    switch = settings.switches[0]
    assert (switch.name, switch.host, switch.port, switch.user) == ("pbx1", "127.0.0.1", 8021, None)
    assert switch.password == "not-the-default"
    assert settings.roles.agent is not None
    assert settings.roles.agent.fullmatch("1001")
    assert not settings.roles.agent.fullmatch("10010")
    assert settings.judge.packs == ("cn-marketing", str(tmp_path / "my-pack.yaml"))
    assert settings.record.directory == tmp_path / "recordings"
    assert settings.record.recipients == (RECIPIENT,)
    assert (settings.watch.listen.host, settings.watch.listen.port) == ("127.0.0.1", 9464)
    assert settings.store.url == f"sqlite:///{tmp_path}/eslbot.db"
    assert settings.admin.socket == tmp_path / "eslbot.sock"


def test_leaving_out_every_section_with_defaults_means_the_documented_configuration(tmp_path):
    (tmp_path / "one").mkdir()
    full = load(write(tmp_path, CONTRACT.replace(', "./my-pack.yaml"', "")), ENVIRON)
    small = load(write(tmp_path, SMALLEST), ENVIRON)
    assert small.model_copy(update={"roles": full.roles}) == full.model_copy(
        update={"recogniser": full.recogniser.model_copy(update={"model": None})}
    )
    assert small.recogniser.local_model == full.recogniser.local_model == "demo-zh"


def test_relative_paths_count_from_the_file_and_not_from_the_working_directory(tmp_path, monkeypatch):
    there = tmp_path / "there"
    there.mkdir()
    write(there, SMALLEST)
    monkeypatch.chdir(tmp_path)
    settings = load((there / "eslbot.toml").relative_to(tmp_path), ENVIRON)
    assert settings.journal.directory == there / "journal"
    assert settings.store.url == f"sqlite:///{there}/eslbot.db"


def test_every_mistake_is_told_at_once_with_its_line(tmp_path):
    text = f"""node = "a b"
[[switch]]
name = "pbx1"
prot = 8021
[[switch]]
name = "pbx1"
port = 70000
[roles]
agent = '10(\\d'
[audio]
source = "tape"
fork = {{ listen = "x" }}
[alert]
cooldown = 3
[record]
recipients = [
  "{RECIPIENT}",
  "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwq",
  "{RECIPIENT}",
]
[wach]
listen = "127.0.0.1:9464"
"""
    found = told(write(tmp_path, text))
    assert [line.split(": ")[:2] for line in found] == [
        ["eslbot.toml:1", "node"],
        ["eslbot.toml:4", "switch[0].prot"],
        ["eslbot.toml:6", "switch[1].name"],
        ["eslbot.toml:7", "switch[1].port"],
        ["eslbot.toml:9", "roles.agent"],
        ["eslbot.toml:11", "audio.source"],
        ["eslbot.toml:12", "audio.fork.listen"],
        ["eslbot.toml:14", "alert.cooldown"],
        ["eslbot.toml:18", "record.recipients[1]"],
        ["eslbot.toml:19", "record.recipients[2]"],
        ["eslbot.toml:21", "wach"],
    ]
    assert "did you mean port?" in found[1]
    assert "pbx1" in found[2]
    assert "checksum" in found[8]
    assert "did you mean watch?" in found[10]


@pytest.mark.parametrize(
    ("text", "line"),
    [("[a]\nb = = 1\n", 2), ("[a]\n\nb = 'open\n", 3), ("a = 1\na = 2\n", 2), ("a = [1,\n2\n", 2), ("\n\nx\n", 3)],
)
def test_a_syntax_error_is_told_by_its_first_place(tmp_path, text, line):
    found = told(write(tmp_path, text))
    assert len(found) == 1
    assert found[0].startswith(f"eslbot.toml:{line}: not TOML: ")
    assert "at line" not in found[0]


def test_a_file_that_is_not_there_or_not_text_is_told_as_such(tmp_path):
    assert told(tmp_path / "none.toml") == ["none.toml: cannot be read: No such file or directory"]
    (tmp_path / "latin.toml").write_bytes(b"# ok\nx = '\xe9'\n")
    assert told(tmp_path / "latin.toml") == ["latin.toml:2: is not UTF-8 text"]


def test_an_empty_file_asks_for_a_switch_and_a_recipient(tmp_path):
    found = told(write(tmp_path, ""))
    assert [line.split(": ")[1] for line in found] == ["record.recipients", "switch"]


def test_lines_end_as_they_like(tmp_path):
    path = tmp_path / "eslbot.toml"
    path.write_bytes((SMALLEST + "[watch]\nlisten = 1\n").replace("\n", "\r\n").encode())
    assert told(path)[0].startswith("eslbot.toml:6: watch.listen: ")


def test_the_environment_overrides_the_file(tmp_path):
    environ = ENVIRON | {
        "ESLBOT_WATCH__LISTEN": "[::1]:9999",
        "ESLBOT_AUDIO__FORK__ADVERTISE": "ws://bot.example:8085",
        "ESLBOT_JUDGE__PACKS": "cn-marketing, ./mine.yaml",
        "ESLBOT_ACT__ALLOW_HANG_UP": "true",
        "ESLBOT_RECOGNISER__WORKERS": "3",
    }
    settings = load(write(tmp_path, CONTRACT), environ)
    assert str(settings.watch.listen) == "[::1]:9999"
    assert settings.audio.fork.url == "ws://bot.example:8085"
    assert settings.judge.packs == ("cn-marketing", str(tmp_path / "mine.yaml"))
    assert settings.act.allow_hang_up is True
    assert settings.recogniser.workers == 3


def test_a_mistake_of_the_environment_names_its_variable(tmp_path):
    environ = ENVIRON | {
        "ESLBOT_WATCH__LISTEN": "here",
        "ESLBOT_ACT__SHADW": "true",
        "ESLBOT_RECORDS__DIRECTORY": "/x",
        "ESLBOT_SWITCH__HOST": "x",
        "ESLBOT_SOMETHING": "of another program",
    }
    found = told(write(tmp_path, CONTRACT), environ)
    assert [line.split(": ")[0] for line in found] == [
        "environment ESLBOT_ACT__SHADW",
        "environment ESLBOT_RECORDS__DIRECTORY",
        "environment ESLBOT_SWITCH__HOST",
        "environment ESLBOT_WATCH__LISTEN",
    ]
    assert "did you mean shadow?" in found[0]
    assert "did you mean record?" in found[1]


def test_a_value_where_a_table_belongs_is_told_though_the_environment_sets_a_key_in_it(tmp_path):
    found = told(write(tmp_path, "watch = 3\n" + SMALLEST), ENVIRON | {"ESLBOT_WATCH__LISTEN": "127.0.0.1:1"})
    assert found == ["eslbot.toml:1: watch: must be a table"]


def test_load_raises_with_one_line_a_mistake_and_without_the_warnings(tmp_path):
    with pytest.raises(ConfigError) as raised:
        load(write(tmp_path, "[[switch]]\nname = 'a'\nport = 0\n"), {"ESLBOT_ESL_PASSWORD": "ClueCon"})
    assert [finding.key for finding in raised.value.findings] == ["record.recipients", "switch[0].port"]
    assert len(str(raised.value).splitlines()) == 2


def test_the_default_password_is_warned_of_on_loopback(tmp_path):
    settings, findings = read(write(tmp_path, SMALLEST), {"ESLBOT_ESL_PASSWORD": "ClueCon"})
    assert settings is not None
    assert [(f.key, f.line, f.error) for f in findings] == [("switch[0]", 1, False), ("record.recipients", 4, False)]


def test_audio_in_plain_over_the_network_is_warned_of(tmp_path):
    fork = SMALLEST + '[audio]\nsource = "fork"\n[audio.fork]\nlisten = "0.0.0.0:8085"\n'
    _, findings = read(write(tmp_path, fork), ENVIRON)
    assert ("audio.fork.listen", 8) in [(f.key, f.line) for f in findings]
    _, findings = read(write(tmp_path, fork.replace('"fork"', '"spool"')), ENVIRON)
    assert "audio.fork.listen" not in [f.key for f in findings]


@pytest.mark.parametrize(("more", "key"), [
    ('[web]\nlisten = "127.0.0.1:9464"\n', "web.listen"),
    ('[audio]\nsource = "fork"\n[supervise]\nphones = "127.0.0.1:8085"\n', "supervise.phones"),
    ('[web]\nenabled = false\nlisten = "127.0.0.1:9464"\n', None),
    ('[web]\nlisten = "127.0.0.1:0"\n[watch]\nlisten = "127.0.0.1:0"\n', None),
    ('[supervise]\nphones = "127.0.0.1:8085"\n', None),
])
def test_two_doors_at_one_address_are_warned_of(tmp_path, more, key):
    _, findings = read(write(tmp_path, SMALLEST + more), ENVIRON)
    told = [(f.key, f.line is not None) for f in findings if "cannot start with both" in f.message]
    assert told == ([] if key is None else [(key, True)])


def test_a_webhook_without_a_secret_is_warned_of_and_the_usual_variable_is_looked_at(tmp_path):
    path = write(tmp_path, SMALLEST + '[alert]\nwebhook = "https://a.example/"\n')
    _, findings = read(path, ENVIRON)
    assert ("alert.webhook", 6, False) in [(f.key, f.line, f.error) for f in findings]
    settings, findings = read(path, ENVIRON | {"ESLBOT_WEBHOOK_SECRET": "s"})
    assert settings is not None
    assert settings.alert.secret == "s"
    assert "alert.webhook" not in [f.key for f in findings]


def test_one_bracket_too_few_is_told_as_such(tmp_path):
    found = told(write(tmp_path, SMALLEST.replace("[[switch]]", "[switch]")))
    assert found == ["eslbot.toml:1: switch: write [[switch]], with two brackets: there can be several"]


def test_a_model_that_does_not_ship_is_a_directory_beside_the_file(tmp_path):
    path = write(tmp_path, SMALLEST + '[recogniser]\nmodel = "my-model"\n')
    assert load(path, ENVIRON).recogniser.local_model == str(tmp_path / "my-model")


def test_commands_that_connect_to_no_switch_need_no_secret(tmp_path):
    text = SMALLEST + '[alert]\nwebhook = "https://a.example/"\nsecret_env = "HOOK"\n'
    path = write(tmp_path, text)
    assert [line.split(": ")[1] for line in told(path, {})] == ["switch[0].password_env", "alert.secret_env"]
    assert load(path, {}, secrets=False).switches[0].password == ""


def test_no_finding_and_no_repr_shows_a_secret(tmp_path):
    environ = {"ESLBOT_ESL_PASSWORD": "pass\rword-marker", "HOOK": "hook-marker"}
    text = SMALLEST + '[alert]\nwebhook = "https://a.example/"\nsecret_env = "HOOK"\n'
    assert "marker" not in "".join(told(write(tmp_path, text), environ))
    settings = load(write(tmp_path, text), environ | ENVIRON)
    assert settings.alert.secret == "hook-marker"
    assert "marker" not in repr(settings) + settings.model_dump_json()
    assert "not-the-default" not in repr(settings) + settings.model_dump_json()


def test_a_recipient_is_checked_by_whoever_the_caller_names(tmp_path):
    def refuse(text):
        raise ValueError("not one of ours")

    assert told(write(tmp_path, SMALLEST), recipient=refuse) == [
        "eslbot.toml:4: record.recipients[0]: not one of ours"
    ]


@pytest.mark.parametrize(("lines", "warned"), [
    ('back = "5s"', 2), ('hold = "1s"', 2), ('back = "5s"\nhold = "4s"', 3), ('back = "5s"\nhold = "5s"', None),
    ("", None)])
def test_a_mask_that_is_to_reach_further_back_than_anything_waits_is_warned_of(tmp_path, lines, warned):
    settings, findings = read(write(tmp_path, SMALLEST + f"[mask]\n{lines}\n"), {"ESLBOT_ESL_PASSWORD": "other"})
    assert settings is not None
    first = SMALLEST.count("\n")
    found = [finding for finding in findings if finding.key == "mask.hold"]
    assert [(one.line, one.error) for one in found] == ([] if warned is None else [(first + warned, False)])


def test_the_mask_is_warned_of_where_the_environment_sets_it(tmp_path):
    _, findings = read(write(tmp_path, SMALLEST), {"ESLBOT_ESL_PASSWORD": "other", "ESLBOT_MASK__BACK": "30s"})
    assert [(one.line, "30 s back" in one.message) for one in findings if one.key == "mask.hold"] == [(None, True)]


def test_a_byte_order_mark_is_named_since_nobody_sees_it(tmp_path):
    (tmp_path / "notepad.toml").write_bytes(b"\xef\xbb\xbfnode = 'a'\n")
    assert told(tmp_path / "notepad.toml") == [
        "notepad.toml:1: begins with a byte order mark: save it as UTF-8 without one"
    ]
