"""Whether the service is ready to take calls, and if not, why. Pure: each check is asked when someone asks.
Knows nothing of what a check looks at."""

from collections.abc import Callable, Mapping

Check = Callable[[], str | None]
"""None: well. Else a short reason, without numbers or names of people."""


class Health:
    """Named checks, all of which must pass."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = dict(checks)

    def reasons(self) -> dict[str, str]:
        """What stands in the way, by check; empty: ready. A check that fails is a reason, too."""
        found = {}
        for name, check in self._checks.items():
            try:
                reason = check()
            except Exception as error:  # noqa: BLE001 - an answer that says so is better than none
                reason = f"cannot be told ({type(error).__name__})"
            if reason is not None:
                found[name] = reason
        return found
