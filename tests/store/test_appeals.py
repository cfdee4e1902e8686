"""Appeals in a real database of each kind: kept with what the audit says of them, or not at all."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Barrier, Thread

import pytest

from eslbot.greenlets import Greenlets
from eslbot.store import Store
from eslbot.store.accounts import AccountStore
from eslbot.store.appeal_rows import UPHELD, AppealRow, name_of
from eslbot.store.appeals import AppealStore
from eslbot.store.chain import Entry
from eslbot.store.ledger import Ledger
from eslbot.store.listing import Listing, Scope
from eslbot.store.rows import ActRow, AlertRow

ROW = AppealRow(name_of("h"), "h", "call", 1, 5.0, "seat7", "north", 9.0, reason="sealed")


class Twice(Exception):
    pass


def filed(row: AppealRow | None, deeds: list[str]) -> AppealRow:
    if row is not None:
        raise Twice
    return ROW


def told(row: AppealRow) -> Entry:
    return Entry("appeal-filed", "account:seat7", row.call, row.id)


@pytest.fixture
def store(url: str) -> Iterator[AppealStore]:
    AccountStore.made(url).close()
    store = AppealStore(url, lambda: 5.0)
    yield store
    store.close()


def rows(url: str) -> list[AppealRow]:
    return Store.open_readonly(url).appeals.find()


def audited(url: str) -> list[str]:
    return [row.what for row in Ledger(url).rows()]


def test_what_is_filed_comes_back_as_it_was_and_a_decision_is_put_in_its_place(store: AppealStore, url: str) -> None:
    assert store.change(ROW.id, "call", "account:seat7", filed, told) == ROW
    assert rows(url) == [ROW]
    decided = replace(ROW, state=UPHELD, closed=6.0, closed_by="account:qa", answer="sealed too")
    store.change(ROW.id, "call", "account:qa", lambda row, deeds: decided,
                 lambda row: Entry("appeal-decided", "account:qa", row.call, row.id))
    assert rows(url) == [decided]
    assert audited(url) == ["appeal-filed", "appeal-decided"]


def test_what_is_refused_changes_nothing_and_is_not_audited(store: AppealStore, url: str) -> None:
    def refused(row: AppealRow | None, deeds: list[str]) -> AppealRow:
        raise Twice

    with pytest.raises(Twice):
        store.change(ROW.id, "call", "account:seat7", refused, told)
    assert (rows(url), audited(url)) == ([], [])


def test_of_two_who_file_at_once_one_is_refused(store: AppealStore, url: str) -> None:
    came: list[str] = []
    both = Barrier(2)

    def file() -> None:
        mine = AppealStore(url)
        both.wait(10)
        try:
            mine.change(ROW.id, "call", "account:seat7", filed, told)
            came.append("filed")
        except Twice:
            came.append("refused")
        mine.close()

    threads = [Thread(target=file) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(came) == ["filed", "refused"]
    assert audited(url) == ["appeal-filed"]


def test_what_somebody_did_in_a_call_is_known_from_the_audit_its_acts_and_its_alerts(
    store: AppealStore, url: str,
) -> None:
    greenlets = Greenlets()
    whole = Store(url, greenlets)
    whole.acts.put(ActRow("1", "call", "mute", 1.0, "done", by="account:sup"))
    whole.acts.put(ActRow("2", "other", "unmute", 1.0, "done", by="account:sup"))
    whole.alerts.put(AlertRow("a", "call", 1.0, "violation", "severe", acknowledged=2.0, acknowledged_by="account:sup"))
    assert whole.flush(30)
    Ledger(url).append(Entry("listen", "account:sup", "call"), Entry("play", "account:qa", "call"))
    seen: dict[str, list[str]] = {}
    for who in ("account:sup", "account:qa", "sup"):
        def look(row: AppealRow | None, deeds: list[str], who: str = who) -> AppealRow:
            seen[who] = deeds
            return ROW

        store.change(ROW.id, "call", who, look, told)
    assert seen == {"account:sup": ["acknowledge", "listen", "mute"], "account:qa": ["play"], "sup": []}
    whole.stop()
    greenlets.stop()


def test_a_team_sees_the_appeals_of_its_own_agents_and_an_agent_the_own_ones(store: AppealStore, url: str) -> None:
    for number, (agent, team, state) in enumerate((
        ("seat7", "north", "open"), ("seat8", "north", UPHELD), ("seat9", "south", "open"), ("x", "", "open"),
    )):
        row = replace(ROW, id=str(number), hit=str(number), at=float(number), agent=agent, team=team, state=state)
        store.change(row.id, "call", "x", lambda _, deeds, row=row: row, told)  # type: ignore[misc]
    listing: Listing = Store.open_readonly(url).listing

    def found(scope: Scope, *states: str) -> list[str]:
        place: str | None = ""
        rows: list[AppealRow] = []
        while place is not None:
            more, place = listing.appeals(1, place, scope, states)
            rows += more
        return [row.agent for row in rows]

    assert found(Scope()) == ["x", "seat9", "seat8", "seat7"]
    assert found(Scope(frozenset({"north"}))) == ["seat8", "seat7"]
    assert found(Scope(frozenset({"north"})), "open") == ["seat7"]
    assert found(Scope(agent="seat9")) == ["seat9"]
