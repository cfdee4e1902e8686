"""What `eslbot check` looks at beyond the values themselves: packs, model, prompts, group, places. Opens files and
reads them, connects to nothing, changes nothing."""

import grp
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from eslbot import judge
from eslbot.config import Finding, Settings, read
from eslbot.config.findings import dotted
from eslbot.config.locate import Place, line_of, locate
from eslbot.config.settings import JudgeSection
from eslbot.doctor.mounts import in_memory, nearest
from eslbot.judge.outdated import outdated
from eslbot.judge.published import sources
from eslbot.listen import models
from eslbot.prompts import PromptError, shipped
from eslbot.watch import tls


def findings_of(path: Path, environ: Mapping[str, str]) -> list[Finding]:
    """Everything that is wrong or doubtful, of all files, in one go."""
    settings, findings = read(path, environ, secrets=False)  # the account that runs it may be another
    if settings is None:
        return [*findings, *_packs(_packs_of_broken(path), None)]
    places = _Places(path)
    here = sorted([*findings, *_around(settings, places)], key=lambda finding: finding.line or 0)
    return [*here, *_in_force(settings)]


class _Places:
    """Findings about keys of one configuration file."""

    def __init__(self, path: Path) -> None:
        self._origin = str(path)
        self._lines = locate(path.read_text("utf-8").replace("\r\n", "\n"))

    def finding(self, place: Place, message: str, *, error: bool = True) -> Finding:
        return Finding(self._origin, line_of(self._lines, place), dotted(place), message, error)


def _packs_of_broken(path: Path) -> tuple[str, ...]:
    """The packs of a configuration that has mistakes elsewhere, so that theirs are told beside them."""
    try:
        table: Any = tomllib.loads(path.read_text("utf-8")).get("judge", {})
        return JudgeSection.model_validate(table, context={"base": path.absolute().parent}).packs
    except (OSError, ValueError):
        return ()  # told already


def _in_force(settings: Settings) -> Iterator[Finding]:
    """Of the packs that the service would load: the configured ones and the published ones in their places."""
    try:
        packs = sources(settings.judge.packs, settings.judge.directory)
    except judge.PackErrors as error:
        yield from _findings(error.problems)
        packs = list(settings.judge.packs)
    yield from _packs(packs, _prompts(settings))


def _packs(packs: Iterable[str | Path], prompts: set[str] | None) -> Iterator[Finding]:
    named = list(packs)
    yield from _findings(judge.check(named, prompts=prompts))
    for problem in outdated(named):
        yield Finding(problem.file, problem.line, "", problem.text, error=False)


def _findings(problems: Iterable[judge.Problem]) -> Iterator[Finding]:
    for problem in problems:
        key = f"rule {problem.rule}" if problem.rule else ""
        yield Finding(problem.file, problem.line or None, key, problem.text)


def _prompts(settings: Settings) -> set[str] | None:
    """Names of the prompts there are; None where they lie on the switch's machine and cannot be seen from here."""
    if settings.prompts.path is not None:
        directory = Path(settings.prompts.path)
        return {file.stem for file in directory.glob("*.wav")} or None
    try:
        return {prompt.name for prompt in shipped(settings.prompt_language)}
    except PromptError:
        return None


def _around(settings: Settings, places: _Places) -> Iterator[Finding]:
    for number, switch in enumerate(settings.switches):
        if not switch.password:
            message = f"the environment variable {switch.password_env} is not set here; eslbot run needs it"
            yield places.finding(("switch", number, "password_env"), message, error=False)
    if settings.alert.secret_env is not None and not settings.alert.secret:
        message = f"the environment variable {settings.alert.secret_env} is not set here; eslbot run needs it"
        yield places.finding(("alert", "secret_env"), message, error=False)
    model = settings.recogniser.local_model
    if model is not None:
        try:
            models.find(model)
        except models.ModelError as error:
            yield places.finding(("recogniser", "model"), str(error))
    prompts = _prompts(settings)
    if prompts is not None and settings.act.remind_default not in prompts:
        known = ", ".join(sorted(prompts))
        yield places.finding(("act", "remind_default"), f"there is no such prompt; there are {known}")
    audio = settings.audio
    if audio.source == "spool":
        if audio.group is not None and not _is_group(audio.group):
            yield places.finding(("audio", "group"), f"there is no group {audio.group} on this host")
        if not in_memory(audio.spool):
            message = "is not on a tmpfs: speech would lie on the disk in plain"
            yield places.finding(("audio", "spool"), message, error=False)
    if not in_memory(settings.record.live):
        message = "is not on a tmpfs: the keys of live calls would lie on the disk"
        yield places.finding(("record", "live"), message, error=False)
    web = settings.web
    if web.enabled and web.certificate is not None and web.key is not None:
        try:
            tls.context(web.certificate, web.key)
        except tls.TlsProblem as error:
            yield places.finding(("web", "certificate"), str(error))
    for place, directory in (
        (("record", "directory"), settings.record.directory),
        (("journal", "directory"), settings.journal.directory),
        (("admin", "socket"), settings.admin.socket.parent),
    ):
        there = nearest(directory)
        if not os.access(there, os.W_OK | os.X_OK):
            yield places.finding(place, f"{there} cannot be written by this user", error=False)


def _is_group(name: str) -> bool:
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True
