"""What judging costs beside a bare pyahocorasick scan of the same text, and what homophones cost in false hits
(make bench): ratios, no limits on times."""

import random
import time
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import ahocorasick
import pytest

from eslbot.data import dialogues
from eslbot.judge import kept
from eslbot.judge.ledger import Ledger
from eslbot.judge.lexicon import Lexicon, lexicon
from eslbot.judge.lines import read_lines
from eslbot.judge.packs import load, shipped
from eslbot.judge.program import Program
from eslbot.judge.text import folder
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


def seconds(work: Callable[[], object]) -> float:
    """Of processor time, once."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


@pytest.mark.bench
@pytest.mark.parametrize("homophones", [False, True])
@pytest.mark.parametrize("count", [1_000, 10_000])
def test_cost_of_a_partial_beside_a_bare_scan(
    count: int, homophones: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    words = phrases(count)
    bare = ahocorasick.Automaton()
    for index, phrase in enumerate(words):
        bare.add_word(phrase, index)
    bare.make_automaton()
    rules = tuple(
        sought(any_of(*words[start : start + 10]), homophones=homophones) for start in range(0, count, 10)
    )
    lexicon.cache_clear()
    compiling = seconds(lambda: Program("zh", rules))
    again = seconds(lambda: Program("zh", rules))
    compiled = Program("zh", rules)
    text = PARTIAL.replace(" ", "")
    scan = microseconds(lambda: list(bare.iter(text)))
    judged = microseconds(_rewriting(compiled, PARTIAL))
    hitting = microseconds(_rewriting(compiled, f"{PARTIAL} {words[7]}"))
    with capsys.disabled():
        print(
            f"\n{count} phrases, homophones {'on' if homophones else 'off'}: bare scan {scan:.1f} us; judged "
            f"{judged:.1f} us ({judged / scan:.1f} x), with a hit {hitting:.1f} us ({hitting / scan:.1f} x); compiled "
            f"in {compiling * 1000:.0f} ms, again {again * 1000:.0f} ms"
        )
    assert told(Ledger(compiled, range(len(rules)), RATE).hear(said(f"{PARTIAL} {words[7]}"))) == ["partial"]


@pytest.mark.bench
def test_cost_of_loading_a_large_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = phrases(10_000)
    rules = "\n".join(
        f"  - {{id: r{start}, says: agent, any: [{', '.join(words[start : start + 10])}], severity: notice}}"
        for start in range(0, len(words), 10)
    )
    file, cache = tmp_path / "large.yaml", tmp_path / "kept"
    file.write_text(f'pack: large\nversion: "1"\nlanguage: zh\nrules:\n{rules}\n', encoding="utf-8")

    def restarted(directory: Path | None) -> float:
        kept._in_memory.cache_clear()
        lexicon.cache_clear()
        return seconds(lambda: load([file], kept=directory))

    first, fresh, warm = restarted(None), restarted(cache), restarted(cache)
    reloaded = seconds(lambda: load([file], kept=cache))
    with capsys.disabled():
        print(
            f"\n10000 phrases in a file, homophones on: read, checked and compiled in {first:.2f} s; kept for the next "
            f"start {fresh:.2f} s, at the next start {warm:.2f} s; loaded again by the same process {reloaded:.2f} s"
        )
    assert len(load([file]).rules) == 1000


def ordinary() -> list[str]:
    """Lines of ordinary talk: everyday and of calls; the shipped dialogues; and, of the labelled lines, those that
    are labelled with nothing."""
    here = Path(__file__).parent
    lines = (here / "ordinary.txt").read_text(encoding="utf-8").splitlines()
    for file in sorted(dialogues("zh").glob("*/dialogue.toml")):
        lines += [line["text"] for line in tomllib.loads(file.read_text(encoding="utf-8"))["line"]]
    for file in sorted((here / "labelled").glob("cn-*.yaml")):
        lines += [line.text for line in read_lines(file.read_bytes(), file.name) if not line.rules]
    return lines


@pytest.mark.bench
def test_false_hits_of_homophones(capsys: pytest.CaptureFixture[str]) -> None:
    """Every phrase of the shipped Chinese packs, as if each hit by itself, on lines that hold none of them."""
    fold = folder("zh").fold
    packs = [load([name]) for name in shipped()]
    used = {
        fold(phrase): None
        for pack in packs for compiled in pack.compiled for each in compiled.program.sought if each.language == "zh"
        for _, phrase in each.phrases()
    }  # fmt: skip
    finder = Lexicon(used, "zh", range(len(used)))
    lines = [fold(line) for line in ordinary()]
    found = [(len(finder.phrases[each.phrase]), each.alike) for line in lines for each in finder.scan(line)]
    with capsys.disabled():
        print(f"\n{len(lines)} ordinary lines, {len(used)} phrases of the shipped packs, each by itself:")
        for size, text in ((3, "of 3 characters"), (4, "of 4"), (5, "of 5 and more")):
            here = [alike for length, alike in found if length == size or (size == 5 and length > 5)]
            print(
                f"  {text}: {_a_thousand(here, lines, True):.1f} places a thousand lines sound like one "
                f"(and {_a_thousand(here, lines, False):.1f} hold one)"
            )
        for name, pack in zip(shipped(), packs, strict=True):
            for compiled in pack.compiled:
                if compiled.program.language == "zh":
                    on, off = (_lines_hit(_with(compiled.program, each), lines) for each in (True, False))
                    print(
                        f"  {name}, its rules: homophones on {on * 1000 / len(lines):.1f} hits a thousand lines, "
                        f"off {off * 1000 / len(lines):.1f}"
                    )
    assert not any(alike for length, alike in found if length < 3)


def _a_thousand(found: Iterable[bool], lines: list[str], which: bool) -> float:
    return sum(alike is which for alike in found) * 1000 / len(lines)


def _with(program: Program, homophones: bool) -> Program:
    return Program("zh", tuple(replace(each, homophones=homophones) for each in program.sought))


def _lines_hit(program: Program, lines: list[str]) -> int:
    everything = range(len(program.sought))
    return sum(len(each.spans) for line in lines for each in program.find(line, wanted=everything).values())


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
