"""A browser's window on the console, and all that goes wrong in it: errors, refused scripts and styles, requests to
another host. Knows pages and names of controls, no call."""

import os
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.stage import PASSWORD

CHROMIUM = os.environ.get("ESLBOT_CHROMIUM", "/usr/bin/chromium")
SPOKEN = {"zh": ("zh-CN", "登录"), "en": ("en-US", "Sign in")}
EXPECTED = ("the server responded with a status of", "net::ERR_CONNECTION_REFUSED", "net::ERR_INCOMPLETE_CHUNKED")
"""What a browser says by itself of an answer that a test asked for: a refusal, a service that is down."""

KINDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": KINDS}}


def launched(playwright: Playwright) -> Browser:
    """Debian's chromium, headless. A container has no user namespaces for its sandbox."""
    arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    return playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)


class Window:
    """Somebody's browser, signed in or not."""

    def __init__(
        self, browser: Browser, url: str, language: str = "zh", theme: str = "light", width: int = 1280,
    ) -> None:
        self.url, self.language = url, language
        self.wrong: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 800 if width > 600 else 844}, locale=SPOKEN[language][0],
            color_scheme=theme)  # type: ignore[arg-type]
        self.page = self.open()

    def open(self) -> Page:
        """One more tab."""
        page = self.context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("request", self._asked)
        page.set_default_timeout(20_000)
        return page

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning") and not any(each in message.text for each in EXPECTED):
            self.wrong.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def _asked(self, request: Any) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            self.wrong.append(f"another host: {request.url}")

    def sign_in(self, name: str, password: str = PASSWORD) -> Page:
        """By the page, as a person does."""
        page = self.page
        page.goto(f"{self.url}/sign-in")
        page.fill("#name", name)
        page.fill("#password", password)
        page.get_by_role("button", name=SPOKEN[self.language][1], exact=True).click()
        page.wait_for_load_state("load")
        return page

    def close(self) -> None:
        self.context.close()


def looked_at(page: Any, path: str) -> list[str]:
    """What axe-core finds, and whether the page is wider than the window."""
    found = Axe().run(page, options=RULES).response["violations"]
    faults = [
        f"{path}: {one['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for one in found for node in one["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        faults.append(f"{path}: wider than the window")
    return faults
