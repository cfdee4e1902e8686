import stat

import pyrage

from eslbot.record import armor


def test_a_key_is_in_the_form_of_age_keygen_and_its_owners_only(tmp_path, eslbot):
    said = eslbot("keys", "new", "-o", tmp_path / "k")
    assert said.code == 0
    lines = (tmp_path / "k").read_text().splitlines()
    assert lines[0].startswith("# created: ")
    identity = pyrage.x25519.Identity.from_str(lines[2])
    assert lines[1] == f"# public key: {identity.to_public()}"
    assert said.out == f"Public key: {identity.to_public()}\n"
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o600
    assert lines[2] not in said.out + said.err


def test_a_key_is_never_overwritten(tmp_path, eslbot):
    (tmp_path / "k").write_text("mine")
    assert eslbot("keys", "new", "-o", tmp_path / "k").code == 1
    assert (tmp_path / "k").read_text() == "mine"


def test_a_key_is_sealed_with_a_passphrase_that_stock_age_takes(tmp_path, eslbot, monkeypatch):
    monkeypatch.setenv("ESLBOT_PASSPHRASE", "correct horse")
    said = eslbot("keys", "new", "--passphrase", "-o", tmp_path / "k")
    assert said.code == 0
    data = (tmp_path / "k").read_bytes()
    text = pyrage.passphrase.decrypt(armor.decode(data), "correct horse").decode()
    assert str(pyrage.x25519.Identity.from_str(text.splitlines()[2]).to_public()) in said.out
    assert b"AGE-SECRET-KEY" not in data


def test_a_key_that_is_there_is_sealed_beside_itself(tmp_path, eslbot, monkeypatch):
    eslbot("keys", "new", "-o", tmp_path / "k")
    assert "no terminal to ask at" in eslbot("keys", "seal", tmp_path / "k", "-o", tmp_path / "s").err
    assert not (tmp_path / "s").exists()
    monkeypatch.setenv("ESLBOT_PASSPHRASE", "correct horse")
    assert eslbot("keys", "seal", tmp_path / "k", "-o", tmp_path / "s").code == 0
    assert pyrage.passphrase.decrypt(armor.decode((tmp_path / "s").read_bytes()), "correct horse") == \
        (tmp_path / "k").read_bytes()
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o600
    assert "never overwritten" in eslbot("keys", "seal", tmp_path / "k", "-o", tmp_path / "s").err
    monkeypatch.setenv("ESLBOT_PASSPHRASE", "")
    assert "empty passphrase" in eslbot("keys", "seal", tmp_path / "k", "-o", tmp_path / "t").err


def test_a_hybrid_key_is_one(tmp_path, eslbot):
    said = eslbot("keys", "new", "--hybrid", "-o", tmp_path / "k")
    assert said.out.startswith("Public key: age1pq1")
    assert "AGE-SECRET-KEY-PQ-1" in (tmp_path / "k").read_text()
