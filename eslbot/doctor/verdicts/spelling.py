"""Amounts as people read them. Pure."""

_UNITS = ((86_400.0, "days"), (3600.0, "hours"), (60.0, "minutes"))
_BYTES = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")


def lasting(seconds: float) -> str:
    """`40 seconds`, `3.2 hours`, `12 days`."""
    for length, name in _UNITS:
        if seconds >= 2 * length:
            value = seconds / length
            return f"{value:.0f} {name}" if value >= 10 else f"{value:.1f} {name}"
    return f"{max(seconds, 0):.0f} seconds"


def ago(seconds: float) -> str:
    """How long ago; a time to come is said as one."""
    return f"{lasting(seconds)} ago" if seconds >= -1 else f"{lasting(-seconds)} in the future"


def size(count: float) -> str:
    """`512 bytes`, `1.5 GiB`."""
    place = 0
    while count >= 1024 and place < len(_BYTES) - 1:
        count /= 1024
        place += 1
    return f"{count:.0f} {_BYTES[place]}" if place == 0 or count >= 100 else f"{count:.1f} {_BYTES[place]}"
