from eslbot.config.findings import Finding, dotted, keys_at, unknown
from eslbot.config.settings import Settings


def test_a_finding_reads_like_a_compilers():
    assert str(Finding("eslbot.toml", 3, "watch.listen", "is wrong")) == "eslbot.toml:3: watch.listen: is wrong"
    assert str(Finding("eslbot.toml", None, "", "cannot be read")) == "eslbot.toml: cannot be read"
    assert str(Finding("f", 3, "a", "odd", error=False)) == "f:3: warning: a: odd"


def test_places_are_dotted_with_indices():
    assert dotted(("switch", 0, "port")) == "switch[0].port"
    assert dotted(("record", "recipients", 1)) == "record.recipients[1]"
    assert dotted(()) == ""


def test_a_key_that_was_nearly_right_gets_a_suggestion_and_others_get_the_list():
    assert unknown("recipient", ["recipients", "directory"]) == "unknown key; did you mean recipients?"
    assert unknown("zzz", ["b", "a"]) == "unknown key; known here: a, b"


def test_secrets_in_the_file_are_answered_with_where_they_belong():
    assert "password_env" in unknown("password", ["password_env"])
    assert "secret_env" in unknown("secret", ["secret_env"])


def test_the_keys_of_every_depth_are_known_by_their_names_in_the_file():
    assert "switch" in keys_at(Settings, ())
    assert "switches" not in keys_at(Settings, ())
    assert "port" in keys_at(Settings, ("switch", 0))
    assert keys_at(Settings, ("audio", "fork")) == ["listen", "advertise"]
    assert keys_at(Settings, ("watch", "listen")) == []
    assert keys_at(Settings, ("nothing", "there")) == []
