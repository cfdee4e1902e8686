import re

from eslbot.cli.template import TEMPLATE, filled
from eslbot.config import load
from eslbot.config.settings import Settings
from tests.config.examples import ENVIRON, RECIPIENT, write


def written(directory):
    return write(directory, filled(RECIPIENT))


def test_every_setting_in_a_comment_is_one_that_can_be_set_and_is_the_default(tmp_path):
    file = written(tmp_path)
    plain = load(file, ENVIRON)
    text = re.sub(r"(?m)^# (?=[a-z_]+ = )", "", file.read_text())
    text = text.replace('model = "demo-zh" ', "# ")  # either a model or a url
    uncommented = [line for line in file.read_text().splitlines() if re.match(r"# [a-z_]+ = ", line)]
    assert len(uncommented) > 15
    (tmp_path / "ca.pem").write_text("")
    file.write_text(text)
    full = load(file, ENVIRON | {"ESLBOT_WEBHOOK_SECRET": "x"})
    for section, examples in {
        "act": (), "watch": (), "log": (), "record": (), "journal": (), "admin": (), "close": (), "store": (),
        "alert": ("webhook", "secret_env", "ca_file"), "audio": ("group", "fork"), "judge": (),
    }.items():  # fmt: skip
        for name in type(getattr(full, section)).model_fields:
            if name not in examples:
                assert getattr(getattr(full, section), name) == getattr(getattr(plain, section), name), name


def test_the_template_names_every_setting_there_is():
    for name, field in Settings.model_fields.items():
        fields = getattr(field.annotation, "model_fields", {})
        for key in set(fields) - {"fork", "purpose"}:
            section = TEMPLATE.split(f"\n[{name}]")[1].split("\n[")[0]
            assert re.search(rf"(?m)^(?:# )?{key} = ", section), f"[{name}] {key}"
