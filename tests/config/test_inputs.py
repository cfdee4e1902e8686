import pytest
from pydantic import ValidationError

from eslbot.config.inputs import AudioSection, RecogniserSection, SwitchSection


def switch(host, password):
    context = {"environ": {"ESLBOT_ESL_PASSWORD": password}}
    return SwitchSection.model_validate({"name": "a", "host": host}, context=context)


@pytest.mark.parametrize("host", ["10.0.0.1", "pbx.example", "0.0.0.0", "::"])
def test_the_default_password_is_refused_on_every_host_but_this_one(host):
    with pytest.raises(ValidationError, match="default password"):
        switch(host, "ClueCon")
    assert switch(host, "other").password == "other"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_the_default_password_passes_on_loopback(host):
    assert switch(host, "ClueCon").password == "ClueCon"


@pytest.mark.parametrize("host", ["127.0.0.1", "pbx.example"])
def test_the_placeholder_that_ships_for_the_switch_is_refused_everywhere(host):
    with pytest.raises(ValidationError, match="placeholder"):
        switch(host, "CHANGE-THIS-PASSWORD")


@pytest.mark.parametrize("password", ["", "a\nb", "a\rb", "a\0b"])
def test_a_password_that_is_not_set_or_would_be_two_commands_is_refused(password):
    with pytest.raises(ValidationError, match="ESLBOT_ESL_PASSWORD"):
        switch("127.0.0.1", password)


@pytest.mark.parametrize("user", ["eslbot", "a@b@c", "a:b@c", "@c", "a b@c"])
def test_a_user_is_user_at_domain(user):
    with pytest.raises(ValidationError):
        SwitchSection.model_validate({"name": "a", "user": user}, context={"secrets": False})


def test_either_a_model_or_urls():
    assert RecogniserSection().local_model == "demo-zh"
    assert RecogniserSection.model_validate({"url": "ws://a:1"}).local_model is None
    assert RecogniserSection.model_validate({"url": ["ws://a:1", "ws://b:1"]}).url == ("ws://a:1", "ws://b:1")
    with pytest.raises(ValidationError, match="not both"):
        RecogniserSection.model_validate({"model": "demo-zh", "url": "ws://a:1"})


def test_the_fork_tells_the_switch_its_own_address_unless_another_is_set():
    assert AudioSection.model_validate({}).fork.url == "ws://127.0.0.1:8085"
    assert AudioSection.model_validate({"fork": {"advertise": "wss://bot.example/"}}).fork.url == "wss://bot.example"
