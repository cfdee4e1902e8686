"""The part of FreeSWITCH's XML dialplan that calls here need: extensions, conditions, actions and anti-actions,
`inline`, `break`, and the preprocessor's globals. Knows XML and text; asks for a field's value and does not know where
it is from.

As FreeSWITCH does it, all conditions of an extension are judged first, then its actions run; the first extension that
gives any action wins (unless `continue` is true).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

Expand = Callable[[str], str]
"""Replaces ${...} in a text, with the leg's variables as they are now."""
Setter = Callable[[str, str], None]
"""Sets a variable of the leg now (`inline` actions)."""


class DialplanError(Exception):
    """A file cannot be read. The message names it."""


@dataclass(frozen=True, slots=True)
class Action:
    application: str
    data: str
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    field: str
    expression: str
    breaks: str
    """`on-false`, `on-true`, `always` or `never`."""
    actions: tuple[Action, ...]
    anti_actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Extension:
    name: str
    conditions: tuple[Condition, ...]
    goes_on: bool = False


@dataclass(slots=True)
class Dialplan:
    """Extensions of every context alike, in order."""

    extensions: list[Extension] = field(default_factory=list)
    globals: dict[str, str] = field(default_factory=dict)
    nodes: list[ElementTree.Element] = field(default_factory=list)
    """The extensions as they were read, with the globals in."""

    def include(self, text: str, source: str = "dialplan") -> None:
        """Adds the extensions and globals of an XML text; `$${name}` takes the globals there are by then. Raises
        DialplanError."""
        try:
            for variable, value in _presets(ElementTree.fromstring(text)):
                self.globals.setdefault(variable, value)
            text = re.sub(r"\$\$\{([^}]+)\}", lambda found: self.globals.get(found[1], ""), text)
            root = ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            raise DialplanError(f"{source}: {error}") from error
        nodes = list(root.iter("extension"))
        self.nodes += nodes
        self.extensions += [_extension(node) for node in nodes]

    def xml(self, context: str) -> str:
        """A context as `xml_locate` shows it; each holds every extension."""
        root = ElementTree.Element("context", name=context)
        root.extend(self.nodes)
        return ElementTree.tostring(root, encoding="unicode") + "\n"

    def include_files(self, paths: Iterable[Path]) -> None:
        """Adds files, in order. Raises DialplanError."""
        for path in paths:
            try:
                self.include(path.read_text(encoding="utf-8"), str(path))
            except OSError as error:
                raise DialplanError(str(error)) from error

    def route(self, destination: str, expand: Expand, setter: Setter) -> list[Action]:
        """What a leg that comes to this destination is to run; empty: there is no such extension."""
        actions: list[Action] = []
        for extension in self.extensions:
            found = _judge(extension, destination, expand, setter)
            actions += found
            if found and not extension.goes_on:
                break
        return actions


def inline(text: str) -> list[Action]:
    """The dialplan `inline`: applications in place of a destination, `app:data,app:data`."""
    parts = (part.partition(":") for part in text.split(","))
    return [Action(name.strip(), data) for name, _, data in parts]


def _presets(root: ElementTree.Element) -> list[tuple[str, str]]:
    presets = [node.get("data", "") for node in root.iter("X-PRE-PROCESS") if node.get("cmd") == "set"]
    return [(name, value) for name, _, value in (preset.partition("=") for preset in presets)]


def _extension(node: ElementTree.Element) -> Extension:
    conditions = tuple(
        Condition(
            condition.get("field", ""),
            condition.get("expression", ""),
            condition.get("break", "on-false"),
            _actions(condition, "action"),
            _actions(condition, "anti-action"),
        )
        for condition in node.findall("condition")
    )
    return Extension(node.get("name", ""), conditions, node.get("continue") == "true")


def _actions(node: ElementTree.Element, tag: str) -> tuple[Action, ...]:
    return tuple(
        Action(action.get("application", ""), action.get("data", ""), action.get("inline") == "true")
        for action in node.findall(tag)
    )


def _judge(extension: Extension, destination: str, expand: Expand, setter: Setter) -> list[Action]:
    actions: list[Action] = []
    for condition in extension.conditions:
        match: re.Match[str] | None = None
        if condition.field:
            value = destination if condition.field == "destination_number" else expand(condition.field)
            match = re.search(condition.expression, value)
        true = match is not None or not condition.field
        for action in condition.actions if true else condition.anti_actions:
            data = _with_groups(action.data, match) if "(" in condition.expression else action.data
            if action.inline:
                name, _, value = expand(data).partition("=")
                setter(name, value)
            else:
                actions.append(Action(action.application, data))
        if condition.breaks == "always" or condition.breaks == ("on-true" if true else "on-false"):
            break
    return actions


def _with_groups(text: str, match: re.Match[str] | None) -> str:
    """$0 is what this condition's own expression matched, $1, ${2} ... what its groups caught; one that is not there is
    empty. (An expression without a parenthesis leaves them as they are: see the caller.)"""
    if match is None:
        return text
    caught = dict(enumerate((match[0], *match.groups())))
    return re.sub(r"\$(?:(\d+)|\{(\d+)\})", lambda found: caught.get(int(found[1] or found[2])) or "", text)


def with_closing(path: str) -> str:
    """A dialplan of one extension, eslbot_closing, that plays `path` as the shipped one does (freeswitch_conf)."""
    escaped = path.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return f"""<include><extension name="eslbot_closing">
      <condition field="destination_number" expression="^eslbot_closing$">
        <action application="set" data="eslbot_unmuted=${{uuid_audio(${{uuid}} stop)}}"/>
        <action application="answer"/>
        <action application="set" data="playback_terminators=none"/>
        <action application="sleep" data="200"/>
        <action application="playback" data="{escaped}"/>
        <action application="hangup" data="NORMAL_CLEARING"/>
      </condition>
    </extension></include>"""
