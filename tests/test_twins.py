"""Each source file has its test twin: eslbot/<room>/<file>.py has tests/<room>/test_<file>.py, or stands in this list
with what holds it instead."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
ELSEWHERE = {
    "judge/grammar_en.py": "judge/test_grammar.py",
    "judge/grammar_zh.py": "judge/test_grammar.py",
    "model/facts/legs.py": "model/test_facts.py",
    "model/facts/life.py": "model/test_facts.py",
    "model/facts/rooms.py": "model/test_facts.py",
    "model/facts/supervisors.py": "model/test_facts.py",
    "model/words.py": "listen/test_utterance.py",
    "store/account_rows.py": "store/test_accounts.py",
    "supervise/web/frame.py": "supervise/web/test_app.py",
}
"""Tables and records without a line that does anything, and the tests of what reads them."""


def sources() -> list[Path]:
    """All but packages' own files, and migrations (store/test_upgrades.py goes through them all)."""
    root = ROOT / "eslbot"
    found = (file.relative_to(root) for file in root.rglob("*.py"))
    return sorted(file for file in found if file.name != "__init__.py" and "migrations" not in file.parts)


def twin(source: Path) -> Path:
    return source.with_name(f"test_{source.stem.strip('_')}.py")


def test_each_source_file_has_its_twin() -> None:
    tests = ROOT / "tests"
    missing = {str(source) for source in sources() if not (tests / twin(source)).exists()}
    assert missing == ELSEWHERE.keys()


def test_what_is_held_elsewhere_is_held_there() -> None:
    assert [test for test in ELSEWHERE.values() if not (ROOT / "tests" / test).exists()] == []
