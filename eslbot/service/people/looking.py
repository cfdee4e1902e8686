"""The live feed of one service, tied to what it shows: facts, words, audio, alerts, checklists, rules. Knows the rooms'
front doors and the feed's; nobody who looks."""

from collections.abc import Callable, Mapping
from typing import Any

from eslbot.call.state import CallState
from eslbot.greenlets import Greenlets
from eslbot.judge import Item, Packs
from eslbot.model.call import CallId, LegId
from eslbot.service.people import owners as whose
from eslbot.store.rows import ActRow, AlertRow, ViolationRow
from eslbot.store.store import Store
from eslbot.supervise.access import Person
from eslbot.supervise.admin import Handler
from eslbot.supervise.live.feed import Feed
from eslbot.supervise.live.shown import Owner
from eslbot.supervise.live.words import Looks, Titled


class Titles:
    """What rules are called, of the packs in force. A rule that is in force no more is called by its id."""

    def __init__(self, packs: Callable[[], Packs]) -> None:
        self._packs = packs
        self._known: tuple[Packs | None, dict[str, Titled]] = (None, {})

    def __call__(self, rule: str) -> Titled:
        packs = self._packs()
        if self._known[0] is not packs:
            self._known = packs, {
                each.id: Titled(each.verdict.title, tuple((law.source, law.sure) for law in each.verdict.laws))
                for each in packs.rules
            }
        return self._known[1].get(rule, Titled(rule))


def feed(
    clock: Callable[[], float], checklist: Callable[[CallId], tuple[Item, ...]], packs: Callable[[], Packs],
    texts: Mapping[str, str], owners: whose.Owners, number: Callable[[LegId], str], store: Store, greenlets: Greenlets,
) -> Feed:
    """`texts`: what each prompt says; `number`: a leg's own."""

    def recall(call: CallId, take: Callable[[list[ViolationRow], list[ActRow]], None]) -> None:
        def ask() -> None:
            take(store.violations.find(call=call), store.acts.find(call=call))

        greenlets.spawn("recall", ask)

    def of(state: CallState) -> Owner:
        return shown(owners.of(state.id), state.rate)

    def said(call: CallId, row: AlertRow) -> Owner:
        return shown(owners.said(call, row.hit, row.start, row.end), 1)

    looks = Looks(
        clock, checklist, Titles(packs), dict(texts), number,
        lambda fact: owners.said(fact.call, fact.hit.key, fact.start, fact.end).agent)
    return Feed(looks, of, recall, said)


def shown(known: whose.Owner, rate: int) -> Owner:
    """An agent of a call at that rate, as the feed asks."""
    return Owner(known.team, known.agent, known.agent, round(known.first / rate, 2), known.started)


def unfailing(run: Callable[..., None], failed: Callable[[str, BaseException], None]) -> Callable[..., None]:
    """The call comes first: whatever is wrong with what people are shown is told, and goes no further."""

    def guarded(*what: Any) -> None:
        try:
            run(*what)
        except Exception as error:  # noqa: BLE001 - it is told
            failed("live view", error)

    return guarded


def acknowledging(feed: Feed, handler: Handler) -> Handler:
    """The handler of `acknowledge`, which tells the feed as well."""

    def acknowledge(args: dict[str, Any], person: Person) -> dict[str, Any]:
        shown = handler(args, person)
        feed.acknowledged(shown["id"], shown["call"], shown["acknowledged_by"])
        return shown

    return acknowledge
