import stat

import pyrage


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
