"""What loaded packs take, in ratios: each measured in a process of its own, by what it occupies."""

import subprocess
import sys

MEASURE = """
import gc, sys
from eslbot.judge import load, readings
from eslbot.judge.text import folder
folder("zh"), folder("en")
def occupied():
    gc.collect()
    return int(open("/proc/self/statm").read().split()[1]) * 4
before = occupied()
packs = load(sys.argv[1:])
print(occupied() - before, readings._table.cache_info().currsize)
"""
CHINESE = ("cn-marketing", "cn-common", "cn-finance-marketing", "cn-collections", "cn-survey")


def loaded(*packs: str) -> tuple[int, int]:
    """KiB that they take, and whether the readings of characters were needed (1)."""
    told = subprocess.run([sys.executable, "-c", MEASURE, *packs], check=True, stdout=subprocess.PIPE, text=True).stdout
    kib, needed = map(int, told.split())
    return kib, needed


def test_five_packs_share_what_they_have_in_common() -> None:
    one, five = loaded("cn-marketing")[0], loaded(*CHINESE)[0]
    assert one < five < 3 * one


def test_packs_without_chinese_phrases_need_no_readings_and_little_else() -> None:
    kib, needed = loaded("us-debt", "us-telemarketing")
    assert not needed
    assert 2 * kib < loaded("cn-marketing")[0]
