def test_the_units_are_shown_for_eyes_where_no_place_is_given(made, eslbot):
    said = eslbot("systemd", "-c", made, "--user", "root")
    assert said.code == 0
    assert "# --- eslbot.service" in said.out
    assert f"run -c {made}" in said.out


def test_they_are_written_side_by_side_and_over_nothing(made, eslbot, tmp_path):
    units = tmp_path / "units"
    units.mkdir()
    first = eslbot("systemd", "-c", made, "--user", "root", "-o", units)
    names = sorted(path.name for path in units.iterdir())
    again = eslbot("systemd", "-c", made, "--user", "root", "-o", units)
    changed = eslbot("systemd", "-c", made, "--user", "daemon", "--spool-size", "1g", "-o", units)
    assert first.code == 0
    assert "eslbot.service" in names
    assert len(names) == 2  # the spool of this configuration is outside /dev/shm
    assert (again.code, again.out.count("as before")) == (0, 2)
    assert changed.code == 1
    assert "nothing is overwritten" in changed.err
    assert all(name in changed.err for name in names)


def test_a_user_that_is_not_there_is_said_with_what_to_do(made, eslbot):
    said = eslbot("systemd", "-c", made, "--user", "eslbot-nobody")
    assert said.code == 0
    assert "useradd --system" in said.err


def test_a_place_that_is_not_there_is_one_line(made, eslbot, tmp_path):
    said = eslbot("systemd", "-c", made, "-o", tmp_path / "nowhere")
    assert said.code == 1
    assert len(said.err.splitlines()) == 1


def test_a_directory_that_the_unit_needs_and_nobody_makes_is_said_with_what_to_do(made, eslbot, tmp_path):
    said = eslbot("systemd", "-c", made, "--user", "root")
    assert f"install -d -o root -m 0700 {tmp_path}" in said.err
