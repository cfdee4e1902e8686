"""Certificates and keys, good and bad, made by openssl."""

import subprocess

import pytest

from eslbot.watch.tls import TlsProblem, context, load


def made(directory, name, *more):
    pem, key = directory / f"{name}.pem", directory / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "1",
         "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(pem), *(more or ("-nodes",))],
        check=True, capture_output=True,
    )
    return pem, key


def test_a_pair_that_belongs_together_is_taken_and_nothing_older_than_1_2_is_spoken(tmp_path):
    from ssl import TLSVersion

    assert context(*made(tmp_path, "a")).minimum_version == TLSVersion.TLSv1_2


def test_what_cannot_be_used_is_told_with_its_file_and_leaves_what_was_there(tmp_path):
    pem, key = made(tmp_path, "a")
    other, other_key = made(tmp_path, "b")
    here = context(pem, key)
    (tmp_path / "text").write_text("no certificate")
    sealed, sealed_key = made(tmp_path, "c", "-passout", "pass:secret")
    for bad, said in (
        ((pem, other_key), "another certificate's"), ((tmp_path / "none", key), "none: cannot be read"),
        ((tmp_path / "text", key), "text and"), ((sealed, sealed_key), "c.pem and"),
    ):
        with pytest.raises(TlsProblem, match=said):
            load(here, *bad)
    load(here, other, other_key)
