"""The demo's stage with the console open: on this machine only, for the one account that is told."""

from eslbot.cli.demo_stage import Stage
from tests.watch.clients import get


def test_the_console_is_open_to_the_account_that_was_made_and_the_key_is_the_demos() -> None:
    stage = Stage("zh", console=True)
    try:
        stage.open()
        web = stage.settings.web
        assert (web.enabled, web.listen.host) == (True, "127.0.0.1")
        assert stage.settings.keys.identity == stage.key
        assert stage.console == f"http://127.0.0.1:{stage.service.front.web.port}"
        accounts = stage.service.front.accounts
        assert accounts.sign_in(stage.name, stage.password)
        assert [(one.name, one.role, one.phone) for one in accounts.roster.all()] == [
            ("agent", "agent", "1001"), ("demo", "admin", "")]
        assert get(stage.service.front.web.port, "/sign-in")[0] == "HTTP/1.1 200 OK"
    finally:
        stage.close()
    assert not stage.directory.exists()


def test_without_it_nothing_listens() -> None:
    stage = Stage("en")
    try:
        stage.open()
        assert stage.service.front.web.port == 0
        assert stage.settings.keys.identity is None
    finally:
        stage.close()
