"""How the closing of one call stands, and how it went. Pure: told what happened to the customer's leg, answers with an
outcome; knows no command, no event and no other leg's fate beyond who was gone first."""

from dataclasses import dataclass, replace

TOGETHER_SECONDS = 0.5
"""Both legs' ends may be told in either order; a customer gone this soon after the agent had nobody to play to."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What is known of one call's closing. Times in seconds since the epoch."""

    armed: bool = False
    """The switch has said that it will play it."""
    alone: float | None = None
    """Since when the customer has been without its other side; None: it is not."""
    started: float | None = None
    stopped: float | None = None
    complete: bool = False
    """It was played to its end."""
    blind: bool = False
    """The link was down, or we were, after which we cannot swear to what was not told us."""


def left_alone(closing: Closing, at: float) -> Closing:
    """The other side is gone."""
    return closing if closing.alone is not None else replace(closing, alone=at)


def joined(closing: Closing) -> Closing:
    """Someone is there again (transfer, takeover): the closing is still to come. What played before does not count."""
    return replace(closing, alone=None, started=None, stopped=None, complete=False)


def started(closing: Closing, at: float) -> Closing:
    return replace(closing, started=at, stopped=None, complete=False)


def stopped(closing: Closing, at: float, complete: bool) -> Closing:
    return replace(closing, stopped=at, complete=complete, started=closing.started or at)


def outcome(closing: Closing, customer_gone: float) -> str:
    """How it went, of a call on which it was wanted, once the customer's leg is gone at `customer_gone`."""
    if closing.complete:
        return "played"
    if closing.blind:
        return "unknown"
    if closing.started is not None:
        return "partial"
    if closing.alone is None or customer_gone - closing.alone <= TOGETHER_SECONDS:
        return "impossible"
    return "failed"
