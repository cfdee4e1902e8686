"""The table of what is looked at: each look ties a probe to its verdict, and says how long it may take. Knows the order
in which findings are shown."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from eslbot.act.mute import DEFAULT_SECONDS
from eslbot.clock import today
from eslbot.config.fields import is_loopback
from eslbot.config.inputs import SwitchSection
from eslbot.doctor.findings import Finding, error, good, hint, warning
from eslbot.doctor.patient import Patient
from eslbot.doctor.probes import backup as backups
from eslbot.doctor.probes import clock as clocks
from eslbot.doctor.probes import disk as disks
from eslbot.doctor.probes import files, local
from eslbot.doctor.probes import keys as keyrings
from eslbot.doctor.probes import model as models
from eslbot.doctor.probes import ports as addresses
from eslbot.doctor.probes import prompts as sounds
from eslbot.doctor.probes import spool as spools
from eslbot.doctor.probes import store as stores
from eslbot.doctor.probes import switch as switches
from eslbot.doctor.verdicts import (
    backup,
    clock,
    config,
    disk,
    keys,
    model,
    people,
    ports,
    prompts,
    rules,
    service,
    spool,
    store,
    switch,
)
from eslbot.judge import PackErrors
from eslbot.listen import tuning
from eslbot.listen.recogniser import RecogniserError


@dataclass(frozen=True, slots=True)
class Look:
    """One of those that run side by side."""

    subject: str
    seconds: float
    """It may take."""
    at: Callable[[Patient], Iterable[Finding]]
    of: str = ""
    """Which one, where a subject has several."""


TOLD_ELSEWHERE = ("record.recipients", "switch[")
"""Beginnings of keys whose doubts another subject tells better."""


def _config(patient: Patient) -> Iterator[Finding]:
    doubts = [doubt for doubt in patient.doubts if not doubt.key.startswith(TOLD_ELSEWHERE)]
    for doubt in doubts:
        where = doubt.origin if doubt.line is None else f"{doubt.origin}:{doubt.line}"
        yield warning("config.values", f"{doubt.key}: {doubt.message}", "docs/reference/config.md", where)
    if not doubts:
        yield good("config.values", "nothing to say against it", str(patient.file))
    user = patient.user
    yield from config.judge_files(patient.off(files.look, patient.settings, patient.file), user)


def _switch(section: SwitchSection) -> Callable[[Patient], Iterator[Finding]]:
    def at(patient: Patient) -> Iterator[Finding]:
        settings = patient.settings
        closing = switch.Closing(settings.close.enabled, settings.close.extension, settings.close.context,
                                 settings.prompt_language)
        forked = settings.audio.source == "fork"
        asked = sounds.wanted(settings, patient.prompts)
        seen = switches.look(section, switches.Wanted(
            closing, forked, patient.mutes | {DEFAULT_SECONDS}, [one.path for one in asked if one.sayable],
            patient.own_password,
        ), patient.greenlets)
        wanted = tuple(one for one in switch.INTERFACES if settings.close.enabled or one.wanted != "the closing")
        yield from switch.judge(seen, closing, (*wanted, switch.FORK if forked else switch.SPOOL))
        if not (seen.closed or seen.refused):
            reader = patient.off(spools.switch_user, settings) if is_loopback(section.host) else None
            told = patient.off(sounds.look, asked, seen.files, is_loopback(section.host), reader)
            yield from prompts.judge(told, section.name, str(reader))

    return at


def _spool(patient: Patient) -> Iterator[Finding]:
    settings = patient.settings
    if settings.audio.source != "spool":
        return
    running = patient.service
    user = patient.user
    yield from spool.judge(patient.off(spools.look, settings, running.answers, user))


def _model(patient: Patient) -> Iterator[Finding]:
    for url in patient.settings.recogniser.url:
        yield from model.judge_server(models.knock(url))
    seen = patient.off(models.look, patient.settings, tuning.shortfall())
    if seen is None:
        return
    found = list(model.judge(seen))
    yield from found
    if patient.quick or any(one.level.value == "error" for one in found):
        return
    if patient.service.calls:
        yield hint("model.speed", f"not measured: {patient.service.calls} calls are up, and come first",
                   "run it again when no call is up, or eslbot bench on a machine like this one", seen.name)
        return
    try:
        yield from model.judge_measured(seen, models.measure(patient.settings, patient.packs))
    except PackErrors:
        yield hint("model.speed", "not measured: the rules do not load", "see the rules' findings", seen.name)
    except (RecogniserError, RuntimeError, OSError) as problem:
        yield error("model.load", f"the model does not load: {problem}", "eslbot bench --model DIR says more; is it "
                    "whole, is there memory for it?", seen.name)


def _rules(patient: Patient) -> Iterator[Finding]:
    try:
        packs = patient.packs
    except PackErrors as problem:
        yield from rules.judge_broken(problem.problems)
        return
    yield from rules.judge(packs.loaded, packs.packs, patient.settings.judge.language, today())


def _store(patient: Patient) -> Iterator[Finding]:
    settings, seen = patient.settings, patient.store
    user = patient.user
    yield from store.judge(seen, user)
    directory = stores.directory_of(settings)
    if directory is not None:
        yield from disk.judge(patient.off(disks.look, "[store] url", directory), user, "store")
    audit = patient.off(stores.look_at_audit, settings, seen)
    yield from store.judge_audit(audit, seen, settings.audit.every, time.time(), user)


def _people(patient: Patient) -> Iterator[Finding]:
    settings = patient.settings
    yield from people.judge(patient.store, settings.web.enabled, settings.supervise.phones is not None)


def _disk(patient: Patient) -> Iterator[Finding]:
    settings = patient.settings
    user = patient.user
    for setting, path in (("[record] directory", settings.record.directory),
                          ("[journal] directory", settings.journal.directory)):
        yield from disk.judge(patient.off(disks.look, setting, path), user)


def _keys(patient: Patient) -> Iterator[Finding]:
    settings = patient.settings
    yield from keys.judge_recipients(patient.off(keyrings.recipients, settings), len(settings.sealed_for))
    user = patient.user
    yield from keys.judge_live(patient.off(keyrings.live, settings), user)
    search = patient.off(keyrings.identities, settings, patient.file, user)
    yield from keys.judge_identities(search.found, search.looked, search.whole)


def _backup(patient: Patient) -> Iterator[Finding]:
    settings = patient.settings
    seen = patient.off(backups.look, settings)
    user = patient.user
    yield from backup.judge(seen, patient.store, settings.backup.every, settings.backup.rehearse,
                            settings.audit.key is not None, time.time(), user)


def _clock(patient: Patient) -> Iterator[Finding]:
    seen = patient.store
    yield from clock.judge(clocks.look(), seen.witness, seen.newest_recording)


def _ports(patient: Patient) -> Iterator[Finding]:
    running = patient.service
    for setting, address in addresses.wanted(patient.settings):
        yield from ports.judge(patient.off(addresses.look, setting, address), running.pid, running.answers)


def _service(patient: Patient) -> Iterator[Finding]:
    owner = patient.off(disks.user_of, patient.settings, -1)
    yield from service.judge(patient.service, str(owner), str(local.who_is(os.geteuid())))


TABLE: tuple[Look, ...] = (
    Look("config", 15, _config),
    Look("spool", 10, _spool),
    Look("model", 180, _model),
    Look("rules", 60, _rules),
    Look("store", 20, _store),
    Look("people", 20, _people),
    Look("disk", 10, _disk),
    Look("keys", 20, _keys),
    Look("backup", 30, _backup),
    Look("clock", 20, _clock),
    Look("ports", 10, _ports),
    Look("service", 15, _service),
)
"""All but the switches, which are as many as are configured."""
SUBJECTS = ("config", "switch", *(look.subject for look in TABLE[1:]))
"""In the order in which they are shown."""
SWITCH_SECONDS = 90.0


def looks(patient: Patient, subjects: Iterable[str]) -> list[Look]:
    """Those of the subjects, in order."""
    wanted = set(subjects)
    there = {subject: [look for look in TABLE if look.subject == subject] for subject in SUBJECTS}
    there["switch"] = [Look("switch", SWITCH_SECONDS, _switch(one), one.name) for one in patient.settings.switches]
    return [look for subject in SUBJECTS if subject in wanted for look in there[subject]]
