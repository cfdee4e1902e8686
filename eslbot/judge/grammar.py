"""What the small words around a phrase do to it: the kinds that scope.py walks over, and the shape of their tables.

The words themselves are in grammar_zh.py and grammar_en.py. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

BEFORE = (
    "rhetoric", "stop", "quotation", "question", "negation", "existence", "wish", "other", "speech", "copula", "modal",
    "object verb", "subject", "filler",
)  # fmt: skip
"""Kinds of words before a phrase; a word of several kinds is of the first of them.

rhetoric    what seems to be asked or negated is affirmed: 难道, isn't it
stop        ends the walk, whatever it holds: 不仅, 没问题, not only
quotation   turns the phrase: 听说, 号称, so called, whether
question    asks whether: 是不是, is it
negation    counts: 不, 没, never; existence: 没有, no; wish: 不要, do not
other       somebody else, whose words are theirs: 有人, 骗子, scammers; turns the phrase if a verb of speech was passed
speech      verbs of saying, and of making somebody do something: 说, 承诺, 让, promise
copula      是, is
modal       能, 可以, can
object verb what an object stands behind, before its verb: 把, 向
subject     我们, 这个, it; a clause begins with it, unless one of speech, copula, object verb stands before it
filler      passed over
"""
AFTER = ("stop", "refuted", "refuted as", "negation", "question", "copula", "filler")
"""Kinds of words behind a phrase.

refuted     takes the phrase back: 不可能的, 骗人的, 请报警
refuted as  does so behind a copula: 是 骗局, is a lie
negation    turns what comes next: 不是 骗人的
question    directly behind the phrase asks it: 吗
"""
END = "(?=$|的|了|吧|啊|呀|哦|呢|吗|这|请|大家|所以)"
"""Written `~` behind a word of a Chinese table: the sentence goes on with nothing that the word could be about (零风险
不可能, but not 零风险 不可能亏)."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The words of one language."""

    before: Mapping[str, str]
    """Kind -> words, as people write them."""
    after: Mapping[str, str]
    """Kind -> words; `(?=...)` and `(?!...)` say what must, or must not, follow."""
    offers: str
    """Pattern: in a question, or before it, these make it an offer or a request."""
    joints: str
    """Pattern of what joins phrases that are meant, or not, together."""
    rest: str
    """Pattern of what may complete a phrase that a pack cuts short (稳赚 | 不赔): it is passed over."""
    straddled: str
    """Pattern of the end of what stands before, `|`, and the beginning of the phrase: together they ask (会 | 不会亏),
    or deny in the form of a question (怎么 | 会亏). Empty: none."""
    far: str
    """Pattern of a negation that reaches over any words up to the phrase: 不是说买了就."""
    fears: str
    """Pattern like `straddled`: what need not be feared is not there (不用担心 | 有风险), unlike what is good."""
    commands: str
    """Pattern of the beginning of a phrase that tells somebody to do something, or not to: a clause begins with it."""
    bids: str
    """Pattern of the beginning of a phrase that states nothing, so that nothing can refute it."""
    condition: str
    """Pattern of what, behind a negated phrase, makes the negation a threat or a condition: 不把密码给我 就没法退款."""
