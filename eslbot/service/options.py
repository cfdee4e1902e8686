"""The settings, read for each room: what it is to do, in its own words. Knows both spellings and nothing else."""

from collections.abc import Callable
from pathlib import Path

from eslbot import data
from eslbot.act.mask import Limits
from eslbot.call.roles import RolePatterns
from eslbot.call.state import Policy
from eslbot.config import Settings
from eslbot.listen import models
from eslbot.listen.fork import ForkOptions
from eslbot.listen.recogniser import RecogniserOptions
from eslbot.listen.spool import SpoolOptions
from eslbot.prompts import PromptError, read_texts
from eslbot.record.vault import VaultOptions
from eslbot.switch.commands import CommandOptions
from eslbot.switch.link import LinkOptions
from eslbot.watch.alerts import AlertOptions
from eslbot.watch.webhook import WebhookOptions


def commands(settings: Settings) -> CommandOptions:
    prompts = settings.prompts.path or data.prompts(settings.prompt_language)
    path: Callable[[str], str] = lambda name: f"{prompts}/{name}.wav"  # noqa: E731 - a field, not a function of ours
    return CommandOptions(settings.close.extension, settings.close.context, path)


def policy(settings: Settings) -> Policy:
    act, close = settings.act, settings.close
    fallback = None if act.mute_fallback == "none" else act.mute_fallback
    return Policy(
        act.allow_hang_up, fallback, act.remind_default, act.remind_gap, close.enabled, close.extension,
        mask=Limits(settings.mask.longest, settings.mask.back))


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


def links(settings: Settings) -> list[LinkOptions]:
    return [LinkOptions(one.name, one.host, one.port, one.password, one.user) for one in settings.switches]


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


def alerts(settings: Settings) -> AlertOptions:
    return AlertOptions(settings.alert.cooldown, settings.node)


def webhook(settings: Settings) -> WebhookOptions | None:
    alert = settings.alert
    if alert.webhook is None:
        return None
    return WebhookOptions(alert.webhook, alert.secret, ca_file=str(alert.ca_file) if alert.ca_file else None)
