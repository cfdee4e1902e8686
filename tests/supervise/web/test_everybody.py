"""What every page has for whoever reads it otherwise: colours that can be told apart, in both themes; labels, headings
in order, ids that are there once, a language. The browser's tests have axe-core look at the same pages alive."""

import re
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from tests.supervise.web.console_rig import ConsoleRig
from tests.words import CALL

CSS = (Path(str(files("eslbot.supervise.web"))) / "static" / "console.css").read_text("utf-8")
LIGHT, SYSTEM_DARK, DARK = ":root {", ':root:not([data-theme="light"]) {', ':root[data-theme="dark"] {'
TEXT = ("text", "muted", "accent", "severe", "warning", "notice", "good", "agent", "customer", "supervisor")
PAIRS = (
    *((ink, paper) for ink in TEXT for paper in ("surface", "bg", "sunk", "hover")),
    *((ink, paper) for ink in ("text", "muted", "agent", "customer", "supervisor")
      for paper in ("severe-bg", "warning-bg", "notice-bg")),
    ("severe", "severe-bg"), ("warning", "warning-bg"), ("notice", "notice-bg"), ("on-accent", "accent"),
    ("surface", "severe"), ("bg", "text"), ("good", "severe-bg"), ("warning", "severe-bg"), ("accent", "severe-bg"),
)
"""(ink, paper) as they stand on each other somewhere: the rows of the wall, lines of words, badges, buttons."""
VOID = {"input", "link", "meta", "use", "path", "br", "img"}


def palette(block: str) -> dict[str, str]:
    inside = CSS.split(block, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", inside))


def luminance(colour: str) -> float:
    """Relative, of WCAG 2."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("block", [LIGHT, DARK])
def test_each_ink_can_be_read_on_each_paper_it_stands_on(block: str) -> None:
    colours = palette(block)
    faint = {}
    for ink, paper in PAIRS:
        low, high = sorted((luminance(colours[ink]), luminance(colours[paper])))
        if (ratio := (high + 0.05) / (low + 0.05)) < 4.5:
            faint[ink, paper] = round(ratio, 2)
    assert faint == {}


def test_the_two_dark_themes_are_one_and_change_every_colour_of_the_light_one() -> None:
    assert palette(SYSTEM_DARK) == palette(DARK)
    assert palette(DARK).keys() == palette(LIGHT).keys()


class Page(HTMLParser):
    """Its elements; what of them is named."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.named_by: set[str] = set()
        self.labelled: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.lang = ""
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "html":
            self.lang = given.get("lang") or ""
        for name in ("aria-labelledby", "aria-describedby", "aria-controls"):
            self.named_by |= set((given.get(name) or "").split())
        if tag == "label" and given.get("for"):
            self.labelled.add(str(given["for"]))
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.controls.append(given | {"in label": "yes" if "label" in self._open else None})
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]


@pytest.mark.parametrize(("name", "path"), [
    (None, "/sign-in"), ("sup", "/"), ("sup", f"/calls/{CALL}"), ("sup", "/alerts"), ("sup", "/recordings"),
    ("sup", "/help"), ("sup", "/password"), ("sup", "/nothing"), ("seat1", "/mine"), ("aud", "/help"),
])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_names_its_controls_and_has_its_headings_in_order(
    console: ConsoleRig, name: str | None, path: str, language: str,
) -> None:
    console.people()
    client = console.web.client(name)
    page = Page(client.get(path, headers={"Accept-Language": language}).get_data(as_text=True))
    assert page.lang == {"zh": "zh-CN", "en": "en"}[language]
    assert len(page.ids) == len(set(page.ids))
    assert page.named_by <= set(page.ids)
    assert page.headings.count(1) == (2 if "no-call" in page.ids else 1)   # of those two a script shows one
    assert all(after <= before + 1 for before, after in pairwise([one for one in page.headings if one]))
    for control in page.controls:
        named = control["in label"] or control.get("aria-label") or control.get("id") in page.labelled
        assert named, control
