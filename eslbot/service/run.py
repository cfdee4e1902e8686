"""Runs one service until it is told to end: logs, signals, systemd, and no core file with anybody's words in it. Knows
the service's start and stop."""

import resource
import signal
from pathlib import Path

import gevent.event
import structlog

from eslbot.config import Settings
from eslbot.service.notify import Notify
from eslbot.service.service import Service
from eslbot.watch import logs

log = structlog.get_logger("eslbot")


def run(settings: Settings, file: Path | None = None) -> int:
    """Until SIGTERM or SIGINT; SIGHUP takes the rule packs anew. Returns the exit code. `file`: the configuration,
    which commands that are run from time to time are given; None: none are. Raises what the service raises where it
    cannot be built."""
    logs.configure(settings.log.level, settings.log.format)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    service = Service(settings, file)
    ended = gevent.event.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, ended.set)
    notify = Notify()
    gevent.signal_handler(signal.SIGHUP, service.reload)
    service.start()
    notify.ready(service.greenlets)
    log.info("started", node=settings.node, metrics=str(settings.watch.listen), shadow=service.desk.shadow)
    try:
        ended.wait()
    finally:
        notify.ending()
        log.info("ending; calls that are up go on, their closing and the end of their mutes are the switch's")
        service.stop()
    return 0
