"""Rule packs of somebody's making: PackErrors, whose every problem can be printed, or rules that judge a call."""

from pathlib import Path

from eslbot.judge import CallJudge, PackErrors, Packs, load
from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis
from tests.fuzz.tools import scratch

SHIPPED = Path(__file__).parents[3] / "eslbot" / "judge" / "packs"
CALL = CallId("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
SAID = "您好 本 产品 保 本 稳赚 不赔 guaranteed return no risk at all"


def seeds() -> list[bytes]:
    small = (
        b"pack: small\nversion: '1'\nlanguage: zh\nrules:\n"
        b"  - {id: a, says: agent, any: [\xe4\xbf\x9d\xe6\x9c\xac], severity: severe, actions: [alert, {mute: 3s}]}\n"
        b"  - {id: b, says: either, near: {words: [x, [y, z]], within: 5}, severity: notice, confirm: agreed}\n"
        b"  - {id: c, says: customer, all: [x, [y, z]], severity: warning, law: {source: s, sure: P}}\n"
        b"  - {id: d, says: agent, require: {any: [q], within: 3s}, severity: warning,\n"
        b"     actions: [{remind: r}, {announce: n}, hang_up]}\n"
    )
    return [small, *(file.read_bytes()[:4000] for file in sorted(SHIPPED.glob("*.yaml")))]


def one(data: bytes) -> None:
    file = scratch() / "pack.yaml"
    file.write_bytes(data)
    try:
        packs = load([file])
    except PackErrors as errors:
        problems = errors.problems
    else:
        _judges(packs)
        return
    assert problems
    assert all(str(problem) and problem.line >= 0 for problem in problems)


def _judges(packs: Packs) -> None:
    assert packs.describe()
    judge = CallJudge(packs, CALL, 8000, True)
    for decoded in (800, 4000):
        judge.hear(Hypothesis(CALL, Role.AGENT, 0, SAID, decoded > 800, 0, decoded, decoded), 1.0)
    judge.heard(Role.AGENT, 80_000, 2.0)
