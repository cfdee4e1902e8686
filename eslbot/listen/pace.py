"""How a stream of audio is fed to a recogniser, and when it gives up. Knows nothing but numbers. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, of audio where it says so, else of waiting."""

    message: float = 0.04
    """Least audio in a message; less waits for more (or for `flush`)."""
    longest: float = 0.2
    """Most audio in a message, and the least while an earlier one is unanswered: a recogniser that falls behind gets
    fewer and longer ones. Partials are not further apart than that. Less would cut in two what the spool brings at once
    where many calls take turns (up to 160 ms)."""
    window: float = 0.5
    """Most audio that is sent and unanswered."""
    late_after: float = 1.5
    """Unanswered audio older than that is told as `audio-late`, once until it has been caught up with."""
    shed_after: float = 3.0
    """Audio that waits longer than that is given up, down to the last `keep`."""
    keep: float = 0.5
    answer_within: float = 1.0
    """A recogniser that holds audio and has answered nobody for so long is taken for dead."""
    connect_within: float = 1.5
    finish_within: float = 3.0
    """For the last answers when a stream is finished."""
