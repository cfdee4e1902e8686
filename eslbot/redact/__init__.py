"""Numbers that nobody should read out of spoken words: cards, Chinese identity numbers, one-time codes. Whole texts and
transcripts (numbers, transcript) and words as they come (live); and what was said in a masked span (masks). Pure; knows
no recording, no log and no rule."""

from eslbot.redact.live import LiveRedactor
from eslbot.redact.numbers import redact_words
from eslbot.redact.transcript import redact_transcript

__all__ = ["LiveRedactor", "redact_transcript", "redact_words"]
