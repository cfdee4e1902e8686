"""What is read off the rooms whenever somebody asks for metrics or whether the service is ready. Knows where each room
keeps its number; counts and decides nothing."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from eslbot.call.desk import Desk
from eslbot.greenlets import Greenlets
from eslbot.listen.endpoint import Endpoint
from eslbot.listen.fork import ForkServer
from eslbot.listen.recogniser import Recogniser
from eslbot.listen.spool import Spool
from eslbot.service.people.front import Front
from eslbot.store.store import Store
from eslbot.supervise.trail import Trail
from eslbot.switch.link import Link
from eslbot.watch.health import Check
from eslbot.watch.metrics import Readings
from eslbot.watch.webhook import Webhook


class Rooms(Protocol):
    """One service's, as they are when they are asked; some are built after whoever asks."""

    desk: Desk
    front: Front
    greenlets: Greenlets
    links: dict[str, Link]
    recogniser: Recogniser
    source: Spool | ForkServer
    spool: Spool | None
    store: Store
    trail: Trail
    webhook: Webhook | None


def readings(rooms: Rooms) -> Readings:
    """For the page of metrics."""
    return Readings(
        lambda: len(rooms.desk.states()),
        lambda: workers(rooms.recogniser.fleet.endpoints),
        lambda: rooms.spool.bytes if rooms.spool else 0,
        lambda: len(rooms.greenlets.names),
        lambda: {"store": rooms.store.waiting, "webhook": rooms.webhook.waiting if rooms.webhook else 0,
                 "audit": rooms.trail.waiting},
        lambda: rooms.source.refused if isinstance(rooms.source, ForkServer) else {},
        lambda: rooms.front.web.taken, lambda: rooms.front.web.refused,
        lambda: rooms.front.appealing.standing(),
    )


def workers(endpoints: Iterable[Endpoint]) -> dict[str, int]:
    """How many recognisers there are in each state."""
    count = {"ready": 0, "retiring": 0, "down": 0}
    for one in endpoints:
        count["retiring" if one.retiring else "ready" if one.ready else "down"] += 1
    return count


def checks(rooms: Rooms, switches: Iterable[str]) -> Mapping[str, Check]:
    """What has to be well for calls to be taken."""
    def up(name: str) -> Callable[[], str | None]:
        return lambda: None if rooms.links[name].up else "down"

    return {
        **{f"link {name}": up(name) for name in switches},
        "recogniser": lambda: None if rooms.recogniser.ready else "not ready",
        "store": lambda: "away" if rooms.store.down else None,
    }
