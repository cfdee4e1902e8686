"""Words -> violations: text, lexicon, rules, the ledger of hits, required disclosures, and the packs that ship.

The front door. Pure, but for reading pack files: no gevent, socket, clock or random; nothing here acts on a call.
"""

from eslbot.judge.checklist import Item
from eslbot.judge.examples import counted, failing
from eslbot.judge.explain import VERIFY, describe, described, explained
from eslbot.judge.inforce import Pack, Packs
from eslbot.judge.located import PackErrors, Problem
from eslbot.judge.packs import check, load, read_pack, shipped
from eslbot.judge.rules import Rule
from eslbot.judge.session import CallJudge
from eslbot.judge.trial import Tried, try_texts

__all__ = [
    "VERIFY",
    "CallJudge",
    "Item",
    "Pack",
    "PackErrors",
    "Packs",
    "Problem",
    "Rule",
    "Tried",
    "check",
    "counted",
    "describe",
    "described",
    "explained",
    "failing",
    "load",
    "read_pack",
    "shipped",
    "try_texts",
]
