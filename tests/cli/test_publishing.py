"""A pack's way into force, as a person goes it: replay, publish, list, reload."""


import pytest

from eslbot.supervise.wire import Refused
from tests.cli.test_replay import replay
from tests.improve.conftest import NEW


def publish(eslbot, stored, report):
    return eslbot("rules", "publish", stored.parent / "new.yaml", "--report", report, "-c", stored)


def test_a_replayed_pack_is_published_and_then_in_force(stored, eslbot, tmp_path):
    report = tmp_path / "report.json"
    assert replay(eslbot, stored, "--report", report).code == 0
    said = publish(eslbot, stored, report)
    assert (said.code, "money 2: published, in force now" in said.out) == (0, True)
    [audited] = [row for row in eslbot("audit", "list", "--json", "-c", stored).json if row["what"] == "publish"]
    assert audited["subject"].startswith("money 2 ")
    rows = {row["pack"]: row for row in eslbot("rules", "list", "--json", "-c", stored).json}
    assert (rows["money"]["version"], rows["money"]["in_force"]) == ("2", True)
    assert len(rows["money"]["report"]) == len(rows["money"]["sha256"]) == 64
    assert rows["cn-marketing"]["published"] is None
    shown = eslbot("rules", "list", "-c", stored).out
    assert "money" in shown
    assert rows["money"]["sha256"][:16] in shown
    # and the next replay compares with it
    assert replay(eslbot, stored, "--json").json["old"][0]["version"] == "2"


def test_a_published_pack_that_was_changed_is_told_by_check(stored, eslbot, tmp_path):
    report = tmp_path / "report.json"
    assert replay(eslbot, stored, "--report", report).code == 0
    assert publish(eslbot, stored, report).code == 0
    assert eslbot("check", "-c", stored).code == 0
    (file,) = (stored.parent / "packs").glob("money/*.yaml")
    file.chmod(0o644)
    file.write_text(NEW.replace("保本", "保息"))
    said = eslbot("check", "-c", stored)
    assert (said.code, "is not what was published" in said.out) == (2, True)


def test_what_was_not_replayed_is_not_published(stored, eslbot, tmp_path):
    report = tmp_path / "report.json"
    assert replay(eslbot, stored, "--report", report).code == 0
    (stored.parent / "new.yaml").write_text(NEW + "# more\n")
    said = publish(eslbot, stored, report)
    assert said.code == 1
    assert "replay it again" in said.err
    assert publish(eslbot, stored, tmp_path / "none.json").code == 1


def test_a_pack_that_is_wrong_is_told_by_line(stored, eslbot, tmp_path):
    (stored.parent / "new.yaml").write_text(NEW.replace("severe", "sever"))
    said = publish(eslbot, stored, tmp_path / "none.json")
    assert said.code == 2
    assert "new.yaml:6: rule promise" in said.err


@pytest.fixture
def served(made, admin):
    """A service that answers `reload` at the configured socket."""
    told = []

    def handler(args, peer):
        told.append(args)
        if len(told) > 1:
            raise Refused("x.yaml:3: rule a: wrong\nthe packs before stay in force")
        return {"packs": [{"pack": "money", "version": "2", "effective": None}]}

    admin({"reload": handler})
    return made


def test_a_reload_says_what_is_in_force_or_what_is_wrong(served, ask):
    assert ask("rules", "reload", "--json").json["packs"][0]["version"] == "2"
    second = ask("rules", "reload")
    assert (second.code, "x.yaml:3: rule a" in second.err) == (2, True)


def test_without_a_service_a_reload_says_so(made, eslbot):
    assert eslbot("rules", "reload", "-c", made).code == 3
