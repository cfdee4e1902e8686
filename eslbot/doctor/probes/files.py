"""Looks at the way to the configuration and to each file that it names and the service only reads. Opens none."""

from collections.abc import Iterator
from pathlib import Path

from eslbot.config import Settings
from eslbot.doctor.probes.local import way_to
from eslbot.doctor.verdicts.config import FileSeen
from eslbot.listen import models


def look(settings: Settings, file: Path) -> list[FileSeen]:
    """Those that are there: what is not, others tell. Blocks."""
    found = []
    for setting, path in _named(settings, file):
        try:
            found.append(FileSeen(setting, str(path), way_to(path)))
        except OSError:
            continue
    return found


def _named(settings: Settings, file: Path) -> Iterator[tuple[str, Path]]:
    web = settings.web
    single = (
        ("the configuration", file.absolute()),
        ("[audit] key", settings.audit.key),
        ("[keys] identity", settings.keys.identity),
        ("[web] certificate", web.certificate if web.enabled else None),
        ("[web] key", web.key if web.enabled else None),
        ("[alert] ca_file", settings.alert.ca_file),
    )
    yield from ((setting, path) for setting, path in single if path is not None)
    yield from (("[judge] packs", pack) for pack in map(Path, settings.judge.packs) if pack.is_absolute())
    yield from (("[judge] directory", pack) for pack in sorted(settings.judge.directory.glob("*/*.yaml")))
    model = settings.recogniser.local_model
    if model is not None:
        try:
            yield "[recogniser] model", models.find(model) / "am" / "final.mdl"
        except models.ModelError:
            return
