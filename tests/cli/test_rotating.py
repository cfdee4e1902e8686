import pytest

from eslbot.config import load
from eslbot.record.identities import from_file
from eslbot.record.reader import Words
from eslbot.store import Ledger, Store


@pytest.fixture
def key(stored):
    return stored.parent / "eslbot.key"


def fresh(eslbot, directory, name):
    """Makes a key; gives its public half."""
    return eslbot("keys", "new", "-o", directory / name).out.split()[-1]


def sealed_for(stored, *recipients, more=""):
    text = stored.read_text()
    old = text[text.index("recipients = ["):].split("]")[0] + "]"
    shown = ", ".join(f'"{one}"' for one in recipients)
    stored.write_text(text.replace(old, f"recipients = [{shown}]") + more)


def test_status_says_for_whom_how_many_are_sealed_and_rotate_brings_them_to_the_configuration(
    stored, key, eslbot, tmp_path
):
    old = str(from_file(key)[0].recipient)
    new, quality = fresh(eslbot, tmp_path, "new.key"), fresh(eslbot, tmp_path, "quality.key")
    said = eslbot("keys", "status", "-c", stored, "--json").json
    count = said["recordings"]
    assert count > 2
    assert said["recipients"] == [
        {"recipient": old, "role": "", "opens": "audio and words", "recordings": count, "configured": True}]
    assert (said["due"], said["unfinished"]) == (0, None)

    sealed_for(stored, old, new, more=f'\n[[recipient]]\nrole = "quality"\nkey = "{quality}"\nopens = "words"\n')
    said = eslbot("keys", "status", "-c", stored, "--json").json
    assert said["due"] == count
    assert {"recipient": quality, "role": "quality", "opens": "words", "recordings": 0, "configured": True} in \
        said["recipients"]
    assert "eslbot keys rotate" in eslbot("keys", "status", "-c", stored).out
    assert eslbot("keys", "rotate", "-c", stored, "--dry-run", "--json").json == {"due": count}

    said = eslbot("keys", "rotate", "-c", stored, "--identity", key)
    assert (said.code, said.out) == (0, f"{count} of {count} recordings sealed anew\n")
    said = eslbot("keys", "status", "-c", stored, "--json").json
    assert said["due"] == 0
    assert {row["recordings"] for row in said["recipients"]} == {count}
    settings = load(stored, {}, secrets=False)
    for row in Store.open_readonly(settings.store.url).recordings.find():
        assert list(Words(row, settings.record.directory, from_file(tmp_path / "quality.key")).records())
    assert [row.subject for row in Ledger(settings.store.url).rows(what="rotate")] == ["begun", "ended"]


def test_whoever_would_shut_himself_out_has_to_say_that_it_is_meant(stored, key, eslbot, tmp_path):
    sealed_for(stored, fresh(eslbot, tmp_path, "new.key"))
    said = eslbot("keys", "rotate", "-c", stored, "--identity", key)
    assert said.code == 2
    assert "--yes" in said.err
    assert eslbot("keys", "rotate", "-c", stored, "--identity", key, "--yes").code == 0
    said = eslbot("keys", "rotate", "-c", stored, "--identity", key, "--add", from_file(key)[0].recipient, "--yes")
    assert said.code == 1
    assert "none of the identities given opens its audio" in said.err
    said = eslbot("keys", "rotate", "-c", stored, "--identity", tmp_path / "new.key", "--add",
                  from_file(key)[0].recipient, "--json")
    assert said.json["rewrapped"] == said.json["recordings"]


@pytest.mark.parametrize(("more", "says"), [
    (["--add", "age1nonsense"], "--add: "), (["--remove", "age1nonsense"], "--remove: "),
    (["--since", "yesterday"], "--since: "), ([], "say what opens it"),
])
def test_what_is_wrongly_asked_is_told(stored, eslbot, more, says):
    said = eslbot("keys", "rotate", "-c", stored, *more)
    assert said.code == 2
    assert says in said.err


def test_a_day_limits_it(stored, key, eslbot, tmp_path):
    new = fresh(eslbot, tmp_path, "new.key")
    every = eslbot("keys", "rotate", "-c", stored, "--add", new, "--dry-run", "--json").json["due"]
    later = eslbot("keys", "rotate", "-c", stored, "--add", new, "--since", "2100-01-01", "--dry-run", "--json").json
    assert (every > 0, later["due"]) == (True, 0)
