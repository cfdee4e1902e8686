"""The settings of who can open recordings: recipients by role, and where this machine finds an identity, if it is to
have one. Knows what a value may be, not what a key is."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, field_validator

from eslbot.config.fields import LocalPath
from eslbot.config.locate import Place
from eslbot.config.section import Section, Word

_HYBRID = "age1pq1"


def check_recipient(value: str, info: ValidationInfo) -> str:
    """A recipient, as far as validation was told how to know one."""
    check = (info.context or {}).get("recipient")
    if check is not None:
        check(value)
    return value


def faults(data: Mapping[str, Any]) -> list[tuple[Place, str]]:
    """What is wrong with all who open recordings taken together, and where. Over the raw values, so that it is told
    beside every other error."""
    everyone = _everyone(data)
    if not everyone:
        return [(("record", "recipients"), "at least one is needed: `eslbot keys new -o KEYFILE` makes a key")]
    found: list[tuple[Place, str]] = []
    for number, (place, key, _) in enumerate(everyone):
        if key in [other for _, other, _ in everyone[:number]]:
            found.append((place, "the same recipient twice"))
    for kind in ("audio", "words"):
        those = [(place, key.startswith(_HYBRID)) for place, key, opens in everyone if opens in ("both", kind)]
        if not those:
            found.append((("record", "recipients"), f"nobody could ever open the {kind} of a recording"))
        mixed = next((place for place, hybrid in those if hybrid != those[0][1]), None)
        if mixed is not None and not any(place == mixed for place, _ in found):
            found.append((mixed, f"hybrid recipients (age1pq1...) and others both open the {kind}: whoever breaks the "
                                 "others opens it all the same, so use hybrid ones alone, or none"))
    return found


def lonely(texts: Sequence[str]) -> str:
    """What to say of files that hang on a single key; empty where none does. `texts`: as a row keeps who opens it."""
    alone = [kind for kind in ("audio", "words") if sum(text.endswith(kind) or " " not in text for text in texts) == 1]
    if not alone:
        return ""
    what = "one recipient only" if len(alone) == 2 else f"one recipient only opens the {alone[0]}"
    return f"{what}: when its key is lost, so is every recording; add a second, kept elsewhere"


def _everyone(data: Mapping[str, Any]) -> list[tuple[Place, str, str]]:
    """Place, key and what it opens."""
    record = data.get("record")
    keys = record.get("recipients", ()) if isinstance(record, dict) else ()
    keys = [part.strip() for part in keys.split(",")] if isinstance(keys, str) else keys
    found: list[tuple[Place, str, str]] = [
        (("record", "recipients", number), key, "both")
        for number, key in enumerate(keys if isinstance(keys, list) else ()) if isinstance(key, str) and key]
    tables = data.get("recipient")
    for number, table in enumerate(tables if isinstance(tables, list) else ()):
        if isinstance(table, dict) and isinstance(table.get("key"), str):
            found.append((("recipient", number, "key"), table["key"], str(table.get("opens", "both"))))
    return found


def _command(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return tuple(shlex.split(value))
    except ValueError as error:
        raise ValueError(f"not a command line: {error}") from None


class RecipientSection(Section):
    """Someone with a role who can open recordings, beside `[record] recipients`; any number of `[[recipient]]`. A
    change counts for calls that begin after the service was started again; `eslbot keys rotate` does the older ones."""

    role: Word
    """`quality`, `auditor`, `escrow`: any word. Several keys may have the same role."""
    key: Annotated[str, AfterValidator(check_recipient)]
    """Public key, age1... or age1pq1..."""
    opens: Literal["both", "audio", "words"] = "both"
    """`words`: the transcript alone; `audio`: the sound alone."""

    @property
    def text(self) -> str:
        """As a recording's row keeps it."""
        return self.key if self.opens == "both" else f"{self.key} {self.opens}"


class KeysSection(Section):
    """Where this machine finds the identity that opens recordings, for commands that are given none and for playing in
    the console. Without one it records and cannot read: best where nobody plays here."""

    identity: LocalPath | None = None
    """A key file. One that is sealed with a passphrase is asked for at a terminal, and of no use to the service."""
    identity_command: Annotated[tuple[str, ...], BeforeValidator(_command)] = ()
    """Instead: a program and its arguments, run without a shell, that prints the identity within 60 s, for a vault or
    a KMS. Only as much as it prints is ever known, and that is neither logged nor kept on the disk."""

    @field_validator("identity_command")
    @classmethod
    def _one_of(cls, command: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if command and info.data.get("identity") is not None:
            raise ValueError("either a file or a command, not both")
        return command
