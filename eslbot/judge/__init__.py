"""Words -> violations: text, lexicon, rules, the ledger of hits, required disclosures, and the packs that ship.

The front door. Pure, but for reading pack files: no gevent, socket, clock or random; nothing here acts on a call.
"""

from eslbot.judge.explain import VERIFY, describe
from eslbot.judge.inforce import Pack, Packs
from eslbot.judge.located import PackErrors, Problem
from eslbot.judge.packs import check, load, shipped
from eslbot.judge.session import CallJudge
from eslbot.judge.trial import Tried, try_texts

__all__ = [
    "VERIFY",
    "CallJudge",
    "Pack",
    "PackErrors",
    "Packs",
    "Problem",
    "Tried",
    "check",
    "describe",
    "load",
    "shipped",
    "try_texts",
]
