"""How cost grows, as a small SVG: cores over calls, ours in two layers. Knows numbers and no measuring."""

from collections.abc import Sequence

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 480, 240, 44, 92, 16, 34
Row = tuple[int, float, float]
"""Calls, cores of the service, cores of the recogniser."""


def svg(rows: Sequence[Row], cores: int) -> str:
    """A picture of the rows, which are in order of calls."""
    most_calls = rows[-1][0]
    most = max(sum(row[1:]) for row in rows) * 1.1
    x = [LEFT + row[0] / most_calls * (WIDTH - LEFT - RIGHT) for row in rows]
    service = [_height(row[1], most) for row in rows]
    whole = [_height(row[1] + row[2], most) for row in rows]
    floor = HEIGHT - BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="11">',
        f"<title>Cores that eslbot takes, by calls, on a machine of {cores} cores</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _area(x, whole, floor, "#9ecae1"), _area(x, service, floor, "#3182bd"),
        f'<path d="M{LEFT} {TOP}V{floor}H{WIDTH - RIGHT}" fill="none" stroke="#444444"/>',
    ]
    for step in range(5):
        value = most * step / 4
        parts.append(f'<text x="{LEFT - 6}" y="{_height(value, most) + 4:.0f}" text-anchor="end">{value:.1f}</text>')
    for place, row in zip(x, rows, strict=True):
        parts.append(f'<text x="{place:.0f}" y="{floor + 15}" text-anchor="middle">{row[0]}</text>')
    parts += [
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 4}" text-anchor="middle">calls</text>',
        f'<text x="4" y="{TOP - 4}">cores</text>',
        f'<text x="{x[-1] + 6:.0f}" y="{(whole[-1] + service[-1]) / 2 + 4:.0f}">recogniser</text>',
        f'<text x="{x[-1] + 6:.0f}" y="{(service[-1] + floor) / 2 + 4:.0f}">service</text>', "</svg>",
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _height(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - value / most * (HEIGHT - BOTTOM - TOP)


def _area(x: Sequence[float], y: Sequence[float], floor: int, colour: str) -> str:
    line = " ".join(f"{across:.1f},{up:.1f}" for across, up in zip(x, y, strict=True))
    return f'<polygon points="{LEFT},{floor} {line} {x[-1]:.1f},{floor}" fill="{colour}"/>'
