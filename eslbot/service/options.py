"""The settings, read for each room: what it is to do, in its own words. Knows both spellings and nothing else."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from eslbot import data
from eslbot.act.mask import Limits
from eslbot.call.legs import LegBook
from eslbot.call.roles import RolePatterns
from eslbot.call.state import Policy
from eslbot.config import Settings
from eslbot.listen import models
from eslbot.listen.fork import ForkOptions
from eslbot.listen.recogniser import RecogniserOptions
from eslbot.listen.spool import SpoolOptions
from eslbot.model.supervising import Mode
from eslbot.prompts import PromptError, read_texts
from eslbot.record.identities import from_command, from_file
from eslbot.record.keys import Identity
from eslbot.record.vault import VaultOptions
from eslbot.service.people.joining import JoinOptions
from eslbot.switch.commands import CommandOptions
from eslbot.switch.link import LinkOptions
from eslbot.switch.supervising import Display
from eslbot.watch.alerts import AlertOptions
from eslbot.watch.webhook import WebhookOptions


def commands(settings: Settings) -> CommandOptions:
    prompts = settings.prompts.path or data.prompts(settings.prompt_language)
    path: Callable[[str], str] = lambda name: f"{prompts}/{name}.wav"  # noqa: E731 - a field, not a function of ours
    return CommandOptions(settings.close.extension, settings.close.context, path)


def policy(settings: Settings) -> Policy:
    act, close, supervise = settings.act, settings.close, settings.supervise
    fallback = None if act.mute_fallback == "none" else act.mute_fallback
    return Policy(
        act.allow_hang_up, fallback, act.remind_default, act.remind_gap, close.enabled, close.extension,
        ring=supervise.ring, told=supervise.tell_agent or "", on_call=supervise.on_call,
        on_call_mode=Mode(supervise.on_call_mode), escalate=supervise.escalate,
        mask=Limits(settings.mask.longest, settings.mask.back),
    )


def display(settings: Settings) -> Display:
    return Display(settings.supervise.dial, settings.supervise.caller)


def joining(settings: Settings) -> JoinOptions:
    supervise = settings.supervise
    return JoinOptions(supervise.numbers, supervise.ring, settings.reasons.acts, tuple(prompt_texts(settings)))


def kept_packs(settings: Settings) -> Path:
    """Where what rule packs say is kept for the next start: where the service may write, beside the journal, whoever
    owns the packs' own directory."""
    return settings.journal.directory.with_name("packs-kept")


def prompt_texts(settings: Settings) -> dict[str, str]:
    """Prompt -> what it says, as far as it can be known here: of the shipped prompts, and of a directory of one's own
    where its prompts.toml can be read."""
    path = settings.prompts.path
    file = (data.prompts(settings.prompt_language) if path is None else Path(path)) / "prompts.toml"
    try:
        return dict(read_texts(file).prompts)
    except PromptError:
        return {}


def roles(settings: Settings) -> RolePatterns:
    who = settings.roles
    return RolePatterns(who.agent, who.customer, who.supervisor, who.trust_caller_number)


def leg_book(settings: Settings) -> LegBook:
    return LegBook(roles(settings), settings.close.extension, settings.mask.key, settings.retention.default_purpose)


def links(settings: Settings) -> list[LinkOptions]:
    forked = settings.audio.source == "fork"
    return [
        LinkOptions(one.name, one.host, one.port, one.password, one.user, forked) for one in settings.switches
    ]  # fmt: skip


def recogniser(settings: Settings) -> RecogniserOptions:
    """Raises RecogniserError, or ValueError for a model that is not there."""
    section = settings.recogniser
    model: Path | None = models.find(section.local_model) if section.local_model is not None else None
    return RecogniserOptions(model, section.url, resample=section.resample, workers=section.workers)


def spool(settings: Settings) -> SpoolOptions:
    return SpoolOptions(settings.audio.spool, settings.audio.group)


def fork(settings: Settings) -> ForkOptions:
    section = settings.audio.fork
    return ForkOptions(section.listen.host, section.listen.port, section.advertise or "")


def vault(settings: Settings) -> VaultOptions:
    record = settings.record
    return VaultOptions(record.directory, settings.sealed_for, record.live, settings.node, hold=settings.mask.hold)


def identities(settings: Settings) -> Callable[[], Sequence[Identity]] | None:
    """What opens recordings for those who listen in the console; None: nothing does. Blocks, and raises KeyProblem."""
    keys = settings.keys
    if keys.identity is not None:
        return functools.partial(from_file, keys.identity)
    return functools.partial(from_command, keys.identity_command) if keys.identity_command else None


def alerts(settings: Settings) -> AlertOptions:
    return AlertOptions(settings.alert.cooldown, settings.node)


def webhook(settings: Settings) -> WebhookOptions | None:
    alert = settings.alert
    if alert.webhook is None:
        return None
    return WebhookOptions(alert.webhook, alert.secret, ca_file=str(alert.ca_file) if alert.ca_file else None)
