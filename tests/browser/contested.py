"""A call in which the agent is found at fault, up to the page where the agent contests it. For tests and pictures."""

from typing import Any

from tests.browser.stage import Stage

LINES = (["severe-promise", 2, 0.5], ["severe-promise", 4, 4.0])
"""What the agent says."""


def contest(stage: Stage, page: Any, customer: list[list[Any]]) -> str:
    """Places the call, and takes the agent's page to its violation as soon as it can be contested, which is when the
    recording is sealed. Gives the page's address."""
    stage.tell("place", {"agent": list(LINES), "customer": customer, "ends": 9.0})
    link = page.locator("tr", has_text="guaranteed-return").locator("a")
    found: list[str] = []

    def sealed() -> bool:
        page.goto(f"{stage.url}/mine")
        if not link.count():
            return False
        found.append(link.first.get_attribute("href") or "")
        page.goto(stage.url + found[-1])
        return page.locator("#reason").count() == 1

    stage.until(sealed, "the violation cannot be contested", 90.0)
    return found[-1]
