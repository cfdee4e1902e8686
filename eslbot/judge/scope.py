"""Whether words are meant: a negation or a quotation directly before a phrase turns it.

A small grammar, read leftwards from the phrase: fillers are passed over, negations are counted (two cancel each other),
a quotation ends the walk, and so does any other word. 不能说稳赚不赔, 没有人能保证收益 and 有人说零风险 are turned;
不得不说稳赚不赔, 是不是零风险 and 不要错过稳赚不赔的机会 are not. What follows the phrase is not looked at, so that a
verdict on a partial is not changed by words that come later. Knows only the words before; no rule. Pure.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from eslbot.judge.text import Language, folder, last_units

REACH = 16
"""Units before a phrase that are looked at."""
_FILLERS_IN_A_ROW = 4

_NEGATIONS: dict[Language, str] = {
    "zh": "不 没 没有 别 未 无 非 莫 勿 禁止 严禁",
    "en": "not no never neither nor nobody without cannot cant dont doesnt didnt isnt arent wasnt wont wouldnt couldnt",
}
_QUOTATIONS: dict[Language, str] = {
    "zh": (
        "有人说 有人讲 别人说 人家说 他们说 骗子说 网上说 听说 听人说 谁说 谁敢说 谁能说 "
        "哪有 哪里有 怎么可能 号称 自称 谎称"
    ),
    "en": "who say,who says,some say,they say,people say,anyone says,i heard,claim of,claims of,who claims,who claim",
}
_QUESTIONS: dict[Language, str] = {
    "zh": "是不是 能不能 会不会 要不要 有没有 敢不敢 想不想 可不可以 能否 是否",
    "en": "",
}
"""They hold a negation and negate nothing."""
_FILLERS: dict[Language, str] = {
    "zh": (
        "说 讲 是 把 你 你们 我们 要求 让 叫 请 能 能够 会 敢 可能 可以 承诺 保证 担保 宣传 宣称 提供 存在 属于 等于 "
        "代表 意味着 任何 什么 一定 绝对 百分之百 再 去 给 向 到 有 得 人 要 准 许 应该 应当 所谓的 所谓 这个 那个 这 "
        "产品"
    ),
    "en": (
        "a an any the be is are it that this as of to such thing things offer offers promise promises promised "
        "guarantee guarantees say saying call have has get give gives provide you we i can could will would ever really"
    ),
}


def turned(before: str, language: Language) -> bool:
    """Whether a phrase is negated or quoted by `before`, the folded text that ends where the phrase starts."""
    pattern, kinds = _grammar(language)
    leftwards = last_units(before, REACH)[::-1].lstrip(" ")
    negations = fillers = position = 0
    while (word := pattern.match(leftwards, position)) is not None and fillers <= _FILLERS_IN_A_ROW:
        kind = kinds[word[1]]
        if kind == "quotation":
            return True
        if kind == "negation":
            negations += 1
        fillers = fillers + 1 if kind == "filler" else 0
        position = word.end()
    return negations % 2 == 1


@lru_cache(maxsize=2)
def _grammar(language: Language) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for the next word, read backwards, the longest first; and the kind of each word."""
    kinds: dict[str, str] = {}
    for kind, table in (
        ("filler", _FILLERS),
        ("negation", _NEGATIONS),
        ("quotation", _QUOTATIONS),
        ("question", _QUESTIONS),
    ):
        kinds.update((word, kind) for word in _backwards(table[language], language))
    words = "|".join(re.escape(word) for word in sorted(kinds, key=len, reverse=True))
    boundary = "" if language == "zh" else r"(?: |\Z)"
    return re.compile(f"({words}){boundary}"), kinds


def _backwards(words: str, language: Language) -> Iterable[str]:
    """The words of a table, folded, each read from its end."""
    fold = folder(language).fold
    separator = "," if "," in words else None
    return (fold(word).strip()[::-1] for word in words.split(separator))
