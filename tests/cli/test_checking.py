from eslbot.cli.checking import findings_of


def test_a_file_with_a_syntax_error_has_one_finding(tmp_path):
    (tmp_path / "eslbot.toml").write_text("[judge\n")
    assert [finding.line for finding in findings_of(tmp_path / "eslbot.toml", {})] == [1]
