from eslbot.doctor.probes import files


def test_the_configuration_and_each_file_it_names_that_is_there(made, tmp_path) -> None:
    published = tmp_path / "packs" / "mine"
    published.mkdir(parents=True)
    for name in ("mine/2.yaml", "../own.yaml", "../audit.key"):
        (tmp_path / "packs" / name).touch()
    settings = made(audit={"key": "audit.key"}, alert={"ca_file": "away.pem"},
                    judge={"packs": ["cn-marketing", "./own.yaml"]})
    found = {(one.setting, one.path) for one in files.look(settings, tmp_path / "eslbot.toml")}
    assert found >= {
        ("the configuration", str(tmp_path / "eslbot.toml")), ("[audit] key", str(tmp_path / "audit.key")),
        ("[judge] packs", str(tmp_path / "own.yaml")), ("[judge] directory", str(published / "2.yaml"))}
    assert {setting for setting, _ in found} == {
        "the configuration", "[audit] key", "[judge] packs", "[judge] directory", "[recogniser] model"}
