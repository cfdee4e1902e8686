"""How Chinese sounds: each character stands for its syllable, without tone and with what recognisers confuse folded.

A recogniser writes 稳赚不陪 for 稳赚不赔 and 验正码 for 验证码; as syllables they are alike. A folded text (text.py)
becomes a text of sounds of the same length, one code point a character, in which a phrase is found as in any other.
Knows no rule and no phrase list. Pure.

A character that is often read in two ways (行 xing, hang) is a sound of its own in the text, since what was said there
is not known; a phrase is looked for in each way its sounds may have been written.
"""

import re
from functools import lru_cache
from itertools import islice, product

from eslbot.judge import readings

CONFUSED = (
    ("^zh", "z"), ("^ch", "c"), ("^sh", "s"), ("^n(?!g?$)", "l"), ("ang$", "an"), ("eng$", "en"), ("ing$", "in"),
)  # fmt: skip
"""Initials and finals that are one: pattern in a syllable, what stands for it. h and f, r and l are kept apart (see
docs/reference/packs.md for what each costs)."""
FORMS = 32
"""Most ways to write the sounds of one phrase."""
_FIRST = 0xE100
"""Sounds are code points of the private use area, which no folded text has."""
_HAN = re.compile("[\u3400-\u9fff]")

_SEVERAL = """
行 xing hang,长 chang zhang,还 hai huan,得 de dei,地 di de,了 le liao,着 zhe zhao zhuo,都 dou du,和 he huo
重 zhong chong,乐 le yue,会 hui kuai,率 lv shuai,给 gei ji,便 bian pian,单 dan shan,弹 dan tan,调 diao tiao
没 mei mo,说 shuo shui
什 shen shi,大 da dai,见 jian xian,系 xi ji,降 jiang xiang,参 can cen shen,差 cha chai,藏 cang zang,朝 chao zhao
称 cheng chen,盛 sheng cheng,提 ti di,传 chuan zhuan,车 che ju,觉 jue jiao,校 xiao jiao,角 jiao jue,解 jie xie
血 xue xie,落 luo la lao,薄 bao bo,模 mo mu,秘 mi bi,宿 su xiu,择 ze zhai,查 cha zha,省 sheng xing,谁 shei shui
熟 shu shou,似 si shi,壳 ke qiao,露 lu lou,绿 lv lu,陆 lu liu,仇 chou qiu,曾 ceng zeng,折 zhe she,粘 zhan nian
吓 xia he,塞 sai se,色 se shai,厦 sha xia,拓 tuo ta,度 du duo,恶 e wu,否 fou pi,卡 ka qia,咖 ka ga,勒 le lei
脉 mai mo,埋 mai man,泊 bo po,迫 po pai,曝 bao pu,强 qiang jiang,亲 qin qing,区 qu ou,券 quan xuan,圈 quan juan
削 xue xiao,遗 yi wei,咽 yan ye,约 yue yao,种 zhong chong,钥 yao yue,的 de di,伯 bo bai,奇 qi ji,期 qi ji,识 shi zhi
术 shu zhu,乘 cheng sheng,匙 chi shi,臭 chou xiu,伺 ci si,攒 zan cuan,合 he ge,核 he hu,茄 qie jia,劲 jin jing
烙 lao luo,哪 na nei,那 na nei,这 zhe zhei,么 me yao,幺 yao,俩 lia liang,属 shu zhu,叶 ye xie
""".replace("\n", ",")
"""Characters with more than one common reading, the most common first. 么 stands for 幺 in numbers."""
_READINGS: dict[str, tuple[str, ...]] = {
    entry.split()[0]: tuple(entry.split()[1:]) for entry in _SEVERAL.split(",") if entry
}


@lru_cache(maxsize=2048)
def confused(syllable: str) -> str:
    """A syllable without tone as it is compared: zhang and zan are one."""
    for pattern, folded in CONFUSED:
        syllable = re.sub(pattern, folded, syllable)
    return syllable


class Sounds(dict[int, str]):
    """Code point of a character -> its sound, filled as characters turn up: a table for str.translate. What is not Han
    stands for itself."""

    def __init__(self) -> None:
        super().__init__()
        self._symbols: dict[tuple[str, ...], str] = {}
        self._among: dict[str, list[str]] = {}
        """Sound of a syllable -> the sounds of characters that are read like that among other ways."""
        self._open: dict[str, tuple[str, ...]] = {}
        """Sound that stands for several syllables -> the sounds of these."""
        for character in _READINGS:
            self[ord(character)]

    def __missing__(self, point: int) -> str:
        character = chr(point)
        read = self._readings(character) if _HAN.match(character) else ()
        self[point] = symbol = self._symbol(read) if read else character
        return symbol

    def of(self, folded: str) -> str:
        """The sounds of a folded text, one for each of its characters."""
        return folded.translate(self)

    def spellings(self, phrase: str) -> list[str]:
        """The sounds a folded phrase may have in a text; at most `FORMS`. Its own first."""
        own = self.of(phrase)
        places = [(symbol, *self._open.get(symbol, ())) for symbol in own]
        forms = list(map("".join, islice(product(*places), FORMS)))
        for place, (symbol, *apart) in enumerate(places):
            before, after = own[:place], own[place + 1 :]
            for one in apart or [symbol]:
                forms += [before + other + after for other in self._among.get(one, ())]
        return list(dict.fromkeys(forms))[:FORMS]

    def _readings(self, character: str) -> tuple[str, ...]:
        known = _READINGS.get(character)
        if known is None:
            first = readings.reading(character)
            known = (first,) if first else ()
        return tuple(dict.fromkeys(map(confused, known)))

    def _symbol(self, read: tuple[str, ...]) -> str:
        symbol = self._symbols.get(read)
        if symbol is None:
            self._symbols[read] = symbol = chr(_FIRST + len(self._symbols))
            if len(read) > 1:
                self._open[symbol] = tuple(self._symbol((one,)) for one in read)
                for one in self._open[symbol]:
                    self._among.setdefault(one, []).append(symbol)
        return symbol


@lru_cache(maxsize=1)
def sounds() -> Sounds:
    """The table of sounds, one for all."""
    return Sounds()
