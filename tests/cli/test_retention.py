"""Retention as it is configured and commanded."""

from tests.cli.test_recordings import CUT, WHOLE, sealed

__all__ = ["sealed"]


def set_to(file, keep, more=""):
    text = file.read_text().replace('# keep = "180d"', f'keep = "{keep}"').replace('# basis = "', 'basis = "')
    file.write_text(text.replace("# below_minimum = false", more or "# below_minimum = false"))


def test_by_itself_nothing_expires(sealed, eslbot):
    said = eslbot("retention", "run", "--yes", "--json", "-c", sealed)
    assert (said.code, said.json["expired"], said.json["basis"]) == (0, [], "no period is set: nothing expires")
    assert "for ever" in eslbot("retention", "report", "-c", sealed).out


def test_a_run_says_what_it_would_do_and_does_it(sealed, eslbot):
    set_to(sealed, "1s", "below_minimum = true")
    dry = eslbot("retention", "run", "--dry-run", "--json", "-c", sealed)
    assert [one["call"] for one in dry.json["expired"]] == [WHOLE]
    said = eslbot("retention", "run", "--yes", "-c", sealed)
    assert (said.code, said.out.splitlines()[0]) == (0, "1 recordings erased, 0 held beyond their period")
    rows = {row["call"]: row["state"] for row in eslbot("recordings", "list", "--json", "-c", sealed).json}
    assert rows == {WHOLE: "erased", CUT: "recording"}
    receipt = eslbot("recordings", "erase", WHOLE, "--reason", "show", "--json", "-c", sealed).json
    assert receipt["basis"] == "what law or purpose it is"


def test_a_clock_in_doubt_deletes_nothing_and_it_is_said(sealed, eslbot, monkeypatch):
    set_to(sealed, "1s", "below_minimum = true")
    monkeypatch.setattr("eslbot.record.expiry.Retention.doubt", lambda self: "the clock is 3.0 days ahead")
    said = eslbot("retention", "run", "-c", sealed)
    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert "nothing was deleted" in said.err
    assert eslbot("recordings", "list", "--json", "-c", sealed).json[0]["state"] != "erased"


def test_the_report_names_what_goes_next_with_its_basis(sealed, eslbot):
    set_to(sealed, "1d")
    report = eslbot("retention", "report", "--within", "900000d", "--json", "-c", sealed).json
    assert [row["call"] for row in report["expires"]] == [WHOLE]
    assert report["period"] == 30 * 86400
    assert "MIIT" in report["basis"]
    assert eslbot("retention", "report", "--within", "never", "-c", sealed).code == 2


def test_a_period_without_a_basis_is_a_mistake(sealed, eslbot):
    sealed.write_text(sealed.read_text().replace('# keep = "180d"', 'keep = "180d"'))
    said = eslbot("retention", "run", "-c", sealed)
    assert said.code == 2
    assert "basis" in said.err


def test_what_goes_next_is_shown_by_purpose(sealed, eslbot):
    set_to(sealed, "60d")
    sealed.write_text(sealed.read_text() + '[retention.purpose.collection]\nkeep = "3y"\nbasis = "debts"\n')
    found = eslbot("retention", "next", "--json", "-c", sealed).json
    assert [(line["purpose"], line["recordings"], line["basis"]) for line in found["purposes"]] == [
        ("", 1, "what law or purpose it is"), ("collection", 0, "debts")]
    assert [line["period"] for line in found["purposes"]] == [60 * 86400, 3 * 365.25 * 86400]
    said = eslbot("retention", "next", "-c", sealed)
    assert (said.code, "(others)" in said.out, "collection" in said.out) == (0, True, True)


def test_a_purposes_period_without_a_basis_is_a_mistake(sealed, eslbot):
    sealed.write_text(sealed.read_text() + '[retention.purpose.collection]\nkeep = "3y"\n')
    assert "keep needs basis" in eslbot("retention", "next", "-c", sealed).err
    sealed.write_text(sealed.read_text().replace("collection", "colection"))
    assert "colection" in eslbot("retention", "next", "-c", sealed).err
