"""What a replay costs (make bench): calls of five minutes' talk, sealed, judged again by processes on all cores, and
what that makes of 100,000 of them. Prints; holds no time against a limit."""

import os
import random
import resource
import time
from pathlib import Path
from typing import Any

import pytest

from eslbot.greenlets import Greenlets
from eslbot.improve.replay import Replay, Wanted
from eslbot.judge import shipped
from eslbot.record.keys import new_identity
from eslbot.store.rows import CallRow
from eslbot.store.store import Store
from tests.improve.sealed import RATE, STARTED, final, seal

CALLS = int(os.environ.get("CALLS", "1000"))
MINUTES = 5
TALK = """
您好 我 是 远山 理财 公司 的 客户 经理
本次 通话 会 录音 您 可以 随时 拒绝
我们 这个 产品 是 新 的 每月 都 有 收益
您 现在 方便 说话 吗
好的 请 说
嗯 我 知道 了
那 您 看 一下 我们 的 活动 今天 就 截止 了
这个 利息 是 多少
年化 收益 大概 百分之 四 左右 不 保本 的
我 再 考虑 一下 吧
您 可以 先 加 一下 我们 客服
风险 是 有 的 您 要 看 清楚 合同
""".strip().splitlines()
"""About four characters a second; half of the time nobody speaks or the other does."""


def transcript(dice: random.Random) -> list[dict[str, Any]]:
    """The finals of a call, both sides in turn, as an ear keeps them."""
    records: list[dict[str, Any]] = [{"kind": "judged", "life": 0, "rate": RATE, "roles_known": True}]
    at, count = RATE, 0
    said = {"agent": 0, "customer": 0}
    while at < MINUTES * 60 * RATE:
        text = " ".join(dice.choice(TALK) for _ in range(dice.randint(1, 2)))
        spoken = final(text, at, count // 2, seconds_a_word=0.35)
        role = "customer" if count % 3 == 2 else "agent"
        records.append({
            "kind": "words", "role": role, "utterance": said[role], "text": text, "start": at, "end": spoken.decided,
            "words": [[w.text, w.start, w.end] for w in spoken.words],
        })  # fmt: skip
        said[role] += 1
        at, count = spoken.decided + RATE // 2, count + 1
    return records


def processor() -> float:
    """Seconds that this process and those it waited for have computed."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


@pytest.mark.bench
@pytest.mark.timeout(600)
def test_what_a_hundred_thousand_calls_cost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dice, identity, greenlets = random.Random(7), new_identity(), Greenlets()
    store = Store(f"sqlite:///{tmp_path}/eslbot.db", greenlets)
    characters = 0
    for number in range(CALLS):
        call, records = f"{number:08x}-0000-4000-8000-000000000000", transcript(dice)
        characters += sum(len(record["text"].replace(" ", "")) for record in records if "text" in record)
        store.recordings.put(seal(tmp_path, call, records, identity, started=STARTED + number))
        store.calls.put(CallRow(call, "pbx", STARTED + number, roles_known=True))
    assert store.flush(120)
    packs = tuple(name for name in shipped() if name.startswith("cn-"))
    reader = Store.open_readonly(f"sqlite:///{tmp_path}/eslbot.db")
    lines = []
    for what, old in (("one set of packs", ()), ("against another", packs)):
        wanted = Wanted(packs, old, tmp_path, tmp_path, (identity,))
        begun, before = time.perf_counter(), processor()
        outcome = Replay(wanted, reader).run()
        took, used = time.perf_counter() - begun, processor() - before
        assert outcome.judged == CALLS
        minutes, ideal = (each / CALLS * 100_000 / 60 for each in (took, used / len(os.sched_getaffinity(0))))
        lines.append(
            f"{what}: {took:.1f} s, {used / CALLS * 1000:.1f} ms of a core a call; 100,000 calls: {minutes:.1f} min, "
            f"{ideal:.1f} min were all cores ours alone"
        )
    store.stop()
    greenlets.stop()
    with capsys.disabled():
        print(f"\n{CALLS} calls of {MINUTES} min, {characters / CALLS:.0f} characters each, {', '.join(packs)}; "
              f"{len(os.sched_getaffinity(0))} cores")
        print("\n".join(lines))
