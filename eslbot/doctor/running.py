"""Lets the looks run side by side, each within its time, so that one that hangs or falls keeps none of the others from
telling what it found. Knows no subject."""

from collections.abc import Callable, Iterable

import gevent

from eslbot.doctor.checks import Look, looks
from eslbot.doctor.findings import Finding, error, warning
from eslbot.doctor.patient import Patient

Told = Callable[[int, int], None]
"""(looks that have ended, looks in all)."""


def examine(patient: Patient, subjects: Iterable[str], told: Told = lambda ended, of: None) -> list[Finding]:
    """Everything that those subjects' looks find, in their order."""
    return together(patient, looks(patient, subjects), told)


def together(patient: Patient, wanted: list[Look], told: Told = lambda ended, of: None) -> list[Finding]:
    """The same of given looks."""
    found: list[list[Finding]] = [[] for _ in wanted]
    running = [patient.greenlets.spawn(f"look {look.subject} {look.of}", _look, look, patient, into)
               for look, into in zip(wanted, found, strict=True)]
    for ended, _ in enumerate(gevent.iwait(running), 1):
        told(ended, len(wanted))
    return [one for each in found for one in each]


def _look(look: Look, patient: Patient, into: list[Finding]) -> None:
    """What it found before it hung or fell is kept."""
    again = f"eslbot doctor --only {look.subject}, and look at what it reads"
    with gevent.Timeout(look.seconds) as limit:
        try:
            for one in look.at(patient):
                into.append(one)
        except gevent.Timeout as over:
            if over is not limit:
                raise
            told = f"did not come to an end within {look.seconds:g} s"
            into.append(error(f"{look.subject}.look", told, again, look.of))
        except OSError as problem:
            where = f"{problem.filename}: " if problem.filename else ""
            told = f"cannot be looked at: {where}{problem.strerror or problem}"
            into.append(error(f"{look.subject}.look", told, again, look.of))
        except Exception as problem:  # noqa: BLE001 - one look's mistake must not hide what the others found
            told = f"the look itself failed ({type(problem).__name__}: {str(problem)[:200]}), so nothing is known"
            into.append(warning(f"{look.subject}.look", told, again, look.of))
