"""What is sealed of a violation, opened for whoever may see it: the words it was found in, and what was written of it.
Audited first, in the chain itself, and refused where that cannot be done. Takes a key that opens words alone. Knows the
sealed words and letters; whose a violation is its caller asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eslbot.record import letters
from eslbot.record.container import ContainerError, NoMatch
from eslbot.record.keys import Identity
from eslbot.record.reader import Damaged, Words
from eslbot.redact import redact_transcript
from eslbot.service.people.sounds import Sounds
from eslbot.store.appeal_rows import AppealRow
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import ViolationRow
from eslbot.supervise.access import Person
from eslbot.supervise.live.words import readable
from eslbot.supervise.wire import Refused

WHAT = "the words of a violation"


@dataclass(frozen=True, slots=True)
class Read:
    """What could be opened. Spoken words: for eyes, never for a log."""

    words: str = ""
    """Those the violation was found in; empty where it has none (what was not said, silence)."""
    said: str = ""
    """The utterance that they are of, whole: what stands beside a word may turn it round."""
    reason: str = ""
    answer: str = ""
    why: str = ""
    """Why nothing was: `no-key`, `erased`, or what failed; empty: it was."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Of one service that has a key."""

    sounds: Sounds
    directory: Path
    """Of the recordings."""

    def read(self, sound: RecordingRow, found: ViolationRow, row: AppealRow | None, person: Person) -> Read:
        """Numbers of cards, identities and codes are hidden. Raises StoreProblem: the audit is away, and nothing is
        opened."""
        try:
            return self.sounds.unseal(
                sound, WHAT, person, lambda keys: opened(sound, self.directory, keys, found.hit, row))
        except Refused as error:
            return Read(why=str(error))


def opened(
    sound: RecordingRow, directory: Path, keys: Sequence[Identity], hit: str, row: AppealRow | None,
) -> Read:
    """Blocks. The letters are there though the words' file is not. Raises Refused."""
    written = [] if row is None else [one for one in (row.reason, row.answer) if one]
    try:
        texts = letters.read(written, sound.words_header, keys)
    except NoMatch as error:
        raise Refused("no key of this service opens the words of this call") from error
    except ContainerError as error:
        raise Refused(str(error)) from error
    reason = texts[0] if row is not None and row.reason else ""
    answer = texts[-1] if row is not None and row.answer else ""
    try:
        return Read(*_words(Words(sound, directory, keys), hit), reason, answer)
    except (ContainerError, Damaged, OSError):
        return Read(reason=reason, answer=answer)


def _words(words: Words, hit: str) -> tuple[str, str]:
    """A hit's words and their utterance, as they stood in the end: both are told again when they are surer."""
    records = redact_transcript(words.records(), words.row.rate)
    found = [one for one in records if one.get("kind") == "violation" and one.get("hit") == hit]
    if not found:
        return "", ""
    place = found[-1].get("role"), found[-1].get("utterance")
    said = [str(one.get("text") or "") for one in records
            if one.get("kind") == "words" and (one.get("role"), one.get("utterance")) == place]
    return readable(str(found[-1].get("words") or "")), readable(said[-1]) if said else ""
