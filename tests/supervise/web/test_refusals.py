"""What is refused is told in the reader's language; the words that it is known by are those that the service says."""

from importlib.resources import files
from pathlib import Path

import pytest

from eslbot.supervise.passwords import LONGEST, SHORTEST
from eslbot.supervise.web.refusals import SAID, told
from tests.supervise.web.console_rig import ConsoleRig
from tests.words import CALL

ROOT = Path(str(files("eslbot")))


def test_every_piece_is_said_somewhere_in_the_service() -> None:
    own = ROOT / "supervise" / "web" / "refusals.py"
    said = "\n".join(file.read_text("utf-8") for file in ROOT.rglob("*.py") if file != own)
    said = said.replace("{SHORTEST}", str(SHORTEST)).replace("{LONGEST}", str(LONGEST))
    assert [piece for piece in SAID if piece not in said] == []


@pytest.mark.parametrize(("language", "detail", "status", "sentence"), [
    ("zh", "call 1: no known agent faces a known customer", 409, "还没有确认谁是坐席、谁是客户，暂不能操作"),
    ("zh", "the tape is torn", 409, "服务拒绝了此操作：the tape is torn"),
    ("zh", "qa may not", 403, "您无权查看此页或执行此操作"),
    ("zh", "I'm a teapot", 418, "I'm a teapot"), ("en", "the tape is torn", 409, "the tape is torn"),
    ("en", "The requested URL was not found on the server.", 404, "there is no such page"),
])
def test_what_is_not_known_by_its_words_is_by_its_code(language: str, detail: str, status: int, sentence: str) -> None:
    assert told(language, detail, status) == sentence


def test_a_page_and_its_script_are_told_in_their_language_and_a_program_in_english(console: ConsoleRig) -> None:
    console.people()
    client = console.web.client("qa")
    path = f"/recordings/{CALL}"
    assert "没有此通话的录音" in client.get(path, headers={"Accept-Language": "zh"}).get_data(as_text=True)
    asked = client.post(f"/calls/{CALL}/mute", json={}, headers={"Accept": "application/json", "Accept-Language": "zh"})
    assert (asked.status_code, asked.json["detail"]) == (403, "您无权查看此页或执行此操作")  # type: ignore[index]
    program = console.web.client("qa").get("/api/v1/nothing", headers={"Accept-Language": "zh"})
    assert program.json["detail"].isascii()  # type: ignore[index]
