"""One chromium for all tests, one stage for a file; a window that must have had no error when its test ends."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

playwright_api = pytest.importorskip("playwright.sync_api", reason="needs the package playwright (dev)")

from tests.browser.stage import Stage  # noqa: E402
from tests.browser.window import Window, launched  # noqa: E402


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    with playwright_api.sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Of a file whose MORE is put to the configuration."""
    stage = Stage(tmp_path_factory.mktemp("stage"), getattr(request.module, "MORE", ""))
    try:
        stage.people()
        stage.start()
        yield stage
    finally:
        stage.stop()


@pytest.fixture
def window(chromium: Any, stage: Stage) -> Iterator[Callable[..., Window]]:
    """Makes windows on the stage."""
    made: list[Window] = []

    def make(**options: Any) -> Window:
        made.append(Window(chromium, stage.url, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
    assert [wrong for one in made for wrong in one.wrong] == []
