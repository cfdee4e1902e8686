"""What judging costs beside a bare pyahocorasick scan of the same text (make bench): ratios, no limits on times."""

import random
import time
from collections.abc import Callable

import ahocorasick
import pytest

from eslbot.judge.ledger import Ledger
from eslbot.judge.program import Program
from eslbot.model.words import Hypothesis
from tests.judge.build import RATE, any_of, said, sought
from tests.judge.test_ledger import told

PARTIAL = "您好 我们 这个 产品 是 新 的 理财 产品 每月 都 有 收益 您 只 需要 今天 投资 一万 元 月底 就 可以 看到 利息"
"""41 characters as a recogniser writes them, no hit among them."""
ROUNDS = 3000


def phrases(count: int) -> list[str]:
    """Distinct phrases of 3 to 8 characters out of the 1,500 most ordinary code points, the same every time."""
    dice = random.Random(count)
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(chr(0x4E00 + dice.randrange(1500)) for _ in range(dice.randint(3, 8)))] = None
    return list(found)


def microseconds(work: Callable[[], object]) -> float:
    """The best of five, per round."""
    best = float("inf")
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(ROUNDS):
            work()
        best = min(best, time.perf_counter() - begun)
    return best / ROUNDS * 1e6


@pytest.mark.bench
@pytest.mark.parametrize("count", [1_000, 10_000])
def test_cost_of_a_partial_beside_a_bare_scan(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    words = phrases(count)
    bare = ahocorasick.Automaton()
    for index, phrase in enumerate(words):
        bare.add_word(phrase, index)
    bare.make_automaton()
    begun = time.perf_counter()
    rules = tuple(sought(any_of(*words[start : start + 10])) for start in range(0, count, 10))
    compiled = Program("zh", rules)
    compiling = time.perf_counter() - begun
    text = PARTIAL.replace(" ", "")
    scan = microseconds(lambda: list(bare.iter(text)))
    judged = microseconds(_rewriting(compiled, PARTIAL))
    hitting = microseconds(_rewriting(compiled, f"{PARTIAL} {words[7]}"))
    with capsys.disabled():
        print(
            f"\n{count} phrases: bare scan {scan:.1f} us; judged {judged:.1f} us ({judged / scan:.1f} x), "
            f"with a hit {hitting:.1f} us; compiled in {compiling * 1000:.0f} ms"
        )
    assert told(Ledger(compiled, range(len(rules)), RATE).hear(said(f"{PARTIAL} {words[7]}"))) == ["partial"]


def _rewriting(compiled: Program, text: str) -> Callable[[], object]:
    """Work that hears a partial which differs from the one before each time, so that nothing can be reused."""
    book = Ledger(compiled, range(len(compiled.sought)), RATE)
    book.hear(said("您好", final=True))
    partials: list[Hypothesis] = [said(f"{text} {last}", utterance=1, decided=8000) for last in "甲乙"]
    turn = 0

    def work() -> object:
        nonlocal turn
        turn ^= 1
        return book.hear(partials[turn])

    return work
