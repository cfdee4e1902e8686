import wave
from pathlib import Path


def test_the_shipped_prompts_are_listed(eslbot):
    rows = eslbot("prompts", "list", "--language", "en", "--json").json
    assert "closing" in {row["name"] for row in rows}
    assert all(Path(row["path"]).is_file() for row in rows)
    assert "closing" in eslbot("prompts", "list").out
    assert eslbot("prompts", "list", "--language", "xx").code == 2


def test_texts_are_rendered_to_wavs(tmp_path, eslbot):
    (tmp_path / "p.toml").write_text('language = "en"\n[prompts]\nhello = "Hello, this is a test."\n')
    said = eslbot("prompts", "render", tmp_path / "p.toml", "-o", tmp_path / "out", "--rate", "16000")
    assert said.code == 0, said.err
    assert said.out == f"{tmp_path}/out/hello.wav\n"
    with wave.open(str(tmp_path / "out" / "hello.wav")) as wav:
        assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (1, 2, 16000)
        assert wav.getnframes() > 16000 // 2


def test_bad_texts_are_told_with_their_file(tmp_path, eslbot):
    (tmp_path / "p.toml").write_text('language = "xx"\n[prompts]\nHELLO = ""\n')
    said = eslbot("prompts", "render", tmp_path / "p.toml", "-o", tmp_path / "out")
    assert said.code == 1
    assert f"{tmp_path}/p.toml: " in said.err
    assert not (tmp_path / "out").exists()


def test_the_shipped_ones_are_copied_as_the_closings_dialplan_looks_for_them(tmp_path, eslbot):
    said = eslbot("prompts", "copy", tmp_path / "here")
    assert said.code == 0
    for language in ("zh", "en"):
        for row in eslbot("prompts", "list", "--language", language, "--json").json:
            there = tmp_path / "here" / language / f"{row['name']}.wav"
            assert there.read_bytes() == Path(row["path"]).read_bytes()
            assert f"{there}\n" in said.out


def test_a_place_that_cannot_be_written_is_one_line(tmp_path, eslbot):
    (tmp_path / "file").write_text("")
    said = eslbot("prompts", "copy", tmp_path / "file")
    assert said.code == 1
    assert len(said.err.splitlines()) == 1
