import os

from eslbot.doctor.probes import disk, local


def test_a_directory_that_is_not_there_yet_is_judged_by_the_one_above(tmp_path) -> None:
    seen = disk.look("[journal] directory", tmp_path / "a" / "b")
    assert (seen.there, seen.way[-1].path) == (False, str(tmp_path))
    assert 0 < seen.free <= seen.total


def test_whom_the_service_runs_as_the_running_one_says_else_whose_the_recordings_are_else_us(made) -> None:
    settings = made()
    assert disk.user_of(settings, 0) == local.who_is(0)
    assert disk.user_of(settings, -1) == local.who_is(os.geteuid())
    settings.record.directory.mkdir()
    if os.geteuid() == 0:
        os.chown(settings.record.directory, 65531, -1)
        assert disk.user_of(settings, -1).uid == 65531
