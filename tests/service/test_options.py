"""Settings reach each room in its own words."""

from pathlib import Path

from eslbot import data
from eslbot.config import Settings, load
from eslbot.record.keys import new_identity, recipient
from eslbot.service import options


def settings(tmp_path: Path, text: str = "") -> Settings:
    file = tmp_path / "eslbot.toml"
    file.write_text(f'[[switch]]\nname = "pbx"\n[record]\nrecipients = ["{recipient(new_identity())}"]\n{text}')
    return load(file, {"ESLBOT_ESL_PASSWORD": "secret-one", "HOOK": "hook-secret"})


def test_the_defaults_are_the_shipped_prompts_and_model(tmp_path: Path) -> None:
    given = settings(tmp_path)
    assert options.commands(given).prompt_path("closing") == f"{data.prompts('zh')}/closing.wav"
    assert options.recogniser(given).model == data.model("demo-zh")
    [link] = options.links(given)
    assert (link.name, link.port, link.password) == ("pbx", 8021, "secret-one")
    assert options.webhook(given) is None


def test_prompts_are_looked_for_where_the_switch_sees_them(tmp_path: Path) -> None:
    given = settings(tmp_path, '[prompts]\npath = "/usr/share/prompts"\n')
    assert options.commands(given).prompt_path("identity") == "/usr/share/prompts/identity.wav"


def test_what_an_admin_allows_is_the_policy(tmp_path: Path) -> None:
    assert not options.policy(settings(tmp_path)).allow_hang_up
    text = '[act]\nallow_hang_up = true\nmute_fallback = "hang_up"\n[close]\nextension = "bye"\n'
    policy = options.policy(settings(tmp_path, text))
    assert (policy.allow_hang_up, policy.mute_fallback, policy.closing_extension) == (True, "hang_up", "bye")


def test_a_vosk_server_takes_the_models_place(tmp_path: Path) -> None:
    given = options.recogniser(settings(tmp_path, '[recogniser]\nurl = "ws://127.0.0.1:2700"\n'))
    assert (given.model, given.urls) == (None, ("ws://127.0.0.1:2700",))


def test_the_webhook_has_its_secret_from_the_environment(tmp_path: Path) -> None:
    hook = options.webhook(settings(tmp_path, '[alert]\nwebhook = "https://example.org/x"\nsecret_env = "HOOK"\n'))
    assert hook is not None
    assert (hook.url, hook.secret) == ("https://example.org/x", "hook-secret")


def test_patterns_paths_and_addresses_are_handed_on(tmp_path: Path) -> None:
    text = '[roles]\nagent = "10.."\n[audio]\nspool = "spool"\n[audio.fork]\nlisten = "127.0.0.1:9"\n'
    given = settings(tmp_path, text)
    roles = options.roles(given)
    assert roles.agent is not None
    assert roles.agent.fullmatch("1001")
    assert options.spool(given).directory == tmp_path / "spool"
    assert options.fork(given).port == 9
    assert options.vault(given).directory == tmp_path / "recordings"
    assert options.alerts(given).cooldown == 60.0


def test_what_packs_say_is_kept_where_the_service_may_write(tmp_path: Path) -> None:
    given = settings(tmp_path, '[journal]\ndirectory = "/var/lib/eslbot/journal"\n[judge]\ndirectory = "/etc/packs"\n')
    assert options.kept_packs(given) == Path("/var/lib/eslbot/packs-kept")
