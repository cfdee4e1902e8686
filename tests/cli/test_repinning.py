"""rules repin, as a person uses it, and what check says before."""

from tests.judge.test_outdated import MINE, mine

__all__ = ["mine"]


def test_it_shows_what_changed_and_writes_the_file_anew(mine, eslbot):
    said = eslbot("rules", "repin", mine)
    assert said.code == 0
    lines = [line.strip() for line in said.out.splitlines()]
    assert lines[0] == f"{mine}:7: shared 1 -> 2"
    assert {"~ threat", "- abuse", "+ insult"} < set(lines)
    assert any(line.startswith("+ looks for") and "走着瞧" in line for line in lines)
    [entry] = eslbot("rules", "repin", mine, "--json").json
    assert {change["rule"]: change["how"] for change in entry["changes"]}["abuse"] == "gone"
    new = mine.with_name("new.yaml")
    said = eslbot("rules", "repin", mine, "-o", new, "--as", "8")
    assert (said.code, f"eslbot replay --pack {new} --against {mine}" in said.err) == (0, True)
    assert mine.read_text() == MINE
    assert "takes nothing of a former version" in eslbot("rules", "repin", new).out
    assert eslbot("rules", "repin", mine, "-o", new, "--as", "9").code == 1, "nothing is written over"
    assert eslbot("rules", "repin", mine, "-o", mine.with_name("x.yaml")).code == 2


def test_check_warns_of_it_with_file_and_line(mine, made, eslbot):
    text = made.read_text().replace('packs = ["cn-marketing"]', f'packs = ["{mine}"]')
    made.write_text(text if str(mine) in text else f'{text}\n[judge]\npacks = ["{mine}"]\n')
    said = eslbot("check", "-c", made)
    assert f"{mine}:7: warning: takes rules of shared 1, and 2 ships" in said.out + said.err, said
