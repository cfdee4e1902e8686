"""The whole table on one configuration: every look speaks of its own subject, and says how to mend what it found."""

from eslbot.doctor.checks import SUBJECTS, looks
from eslbot.doctor.running import examine
from eslbot.sim import Switch


def test_every_look_speaks_of_its_subject_and_says_how_to_mend(made, patient) -> None:
    with Switch() as switch:
        found = examine(patient(made(switch.port), quick=True), SUBJECTS)
    assert {one.subject for one in found} == set(SUBJECTS)
    assert [one.subject for one in found] == sorted((one.subject for one in found), key=SUBJECTS.index)
    assert [one for one in found if one.check.endswith(".look")] == []
    assert [one for one in found if bool(one.mend) == (one.level.value == "ok")] == []


def test_only_the_subjects_that_are_asked_for_are_looked_at_each_switch_by_itself(made, patient) -> None:
    assert [(look.subject, look.of) for look in looks(patient(made()), ["rules", "switch"])] == [
        ("switch", "pbx"), ("rules", "")]


def test_everything_broken_at_once_is_told_and_nothing_stops(made, patient, tmp_path) -> None:
    (tmp_path / "db").write_bytes(b"no database" * 100)
    settings = made(
        1, store={"url": f"sqlite:///{tmp_path}/db"}, backup={"to": str(tmp_path / "away")},
        recogniser={"model": str(tmp_path / "none")}, judge={"packs": ["no-such-pack"]},
        audio={"spool": "/proc/spool", "group": "no-such-group"}, audit={"key": str(tmp_path / "no.key")},
    )
    errors = {one.check for one in examine(patient(settings), SUBJECTS) if one.level.value == "error"}
    assert errors >= {"switch.reachable", "spool.memory", "spool.rights", "model.there", "rules.load",
                      "store.reachable", "store.checkpoint", "backup.age"}
