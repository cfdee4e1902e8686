"""Numbers that are valid, and the ways in which people say them."""

from hypothesis import strategies as st

HAN = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
PHONE = {**HAN, "1": "幺"}
"""As digits are read over the telephone."""
ENGLISH = dict(enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]))
WAYS = {
    "digits": lambda number: number,
    "grouped": lambda number: " ".join(number[at : at + 4] for at in range(0, len(number), 4)),
    "dashes": lambda number: "-".join(number[at : at + 4] for at in range(0, len(number), 4)),
    "han": lambda number: "".join(HAN.get(digit, digit) for digit in number),
    "spaced": lambda number: " ".join(PHONE.get(digit, "叉") for digit in number),
    "english": lambda number: " ".join(ENGLISH[int(digit)] if digit.isdigit() else "x" for digit in number),
    "wide": lambda number: "".join(chr(ord(digit) + 0xFEE0) if digit.isdigit() else digit for digit in number),
}  # fmt: skip


def luhn(body: str) -> str:
    """A number with the digit that makes it a card's (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return body + str(-total % 10)


def identity(body: str) -> str:
    """17 digits with the check digit of GB 11643."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


cards = st.builds(
    lambda first, rest: luhn(first + rest), st.sampled_from("3456"), st.text("0123456789", min_size=11, max_size=17))
identities = st.builds(
    lambda place, year, month, day, order: identity(f"{place:06}{year}{month:02}{day:02}{order:03}"),
    st.integers(110000, 659999), st.integers(1930, 2015), st.integers(1, 12), st.integers(1, 28), st.integers(0, 999),
)  # fmt: skip
codes = st.text("0123456789", min_size=4, max_size=8)
ways = st.sampled_from(sorted(WAYS))
