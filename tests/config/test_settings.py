import pytest
from pydantic import ValidationError

from eslbot.config.settings import AdminSection, AlertSection, Settings
from tests.config.examples import RECIPIENT

SECRETS = {"environ": {"HOOK": "s"}}


def settings(**tables):
    data = {"switch": [{"name": "a"}], "record": {"recipients": [RECIPIENT]}, **tables}
    return Settings.model_validate(data, context={"secrets": False})


def test_settings_do_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        settings().act.shadow = True


def test_acts_are_on_and_hanging_up_is_off_until_an_admin_says_otherwise():
    act = settings().act
    assert (act.shadow, act.allow_hang_up, act.mute_fallback) == (False, False, "none")


def test_prompts_speak_the_judges_language_unless_told_another():
    assert settings().prompt_language == "zh"
    assert settings(judge={"language": "en"}).prompt_language == "en"
    assert settings(judge={"language": "en"}, prompts={"language": "zh"}).prompt_language == "zh"


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ({"webhook": "http://hooks.example/", "secret_env": "HOOK"}, "plain http"),
        ({"webhook": "https://hooks.example/", "secret_env": "NOT_SET"}, "NOT_SET is not set"),
        ({"webhook": "https://hooks.example/", "secret_env": "the secret itself"}, "name of an environment variable"),
        ({"cooldown": "1h"}, "not a duration"),
        ({"cooldown": 1.5}, "not a duration"),
    ],
)
def test_a_webhook_is_https_and_its_named_secret_is_there(table, wrong):
    with pytest.raises(ValidationError, match=wrong):
        AlertSection.model_validate(table, context=SECRETS)


@pytest.mark.parametrize(
    "table",
    [
        {"webhook": "https://hooks.example/", "secret_env": "HOOK"},
        {"webhook": "http://127.0.0.1:9/", "secret_env": "HOOK"},
        {"webhook": "http://hooks.example/", "secret_env": "HOOK", "allow_http": True},
    ],
)
def test_plain_http_goes_to_this_host_or_where_it_is_allowed(table):
    assert AlertSection.model_validate(table, context=SECRETS).secret == "s"


def test_a_socket_path_that_no_socket_can_have_is_refused():
    with pytest.raises(ValidationError, match="107 bytes"):
        AdminSection.model_validate({"socket": "/" + "x" * 107})
