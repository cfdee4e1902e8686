"""The accounts: whether anybody can sign in as an admin, and whether whoever has a phone may use its feature codes."""

from collections.abc import Iterator

from eslbot.doctor.findings import Finding, good, hint, warning
from eslbot.doctor.verdicts.store import StoreSeen


def judge(store: StoreSeen, web: bool, codes: bool) -> Iterator[Finding]:
    """`web`: there are pages and an API; `codes`: the dialplan may ask about feature codes ([supervise] phones)."""
    if not store.readable:
        yield hint("people.admin", "the accounts cannot be read yet", "see what is said of the store")
        return
    able = [one for one in store.accounts if one.rules]
    if able:
        yield good("people.admin", f"{len(able)} of {len(store.accounts)} accounts can sign in as an admin")
    elif not store.accounts:
        yield hint("people.admin", "there is no account yet", "eslbot users add NAME --role admin")
    elif web:
        yield warning("people.admin", "nobody can sign in as an admin: by the pages and the API no account can be "
                      "changed", "on this machine, as the service's user or root: eslbot users add NAME --role admin; "
                      "or users role, users enable, users password")
    bare = [one.name for one in store.accounts if one.codes == "no PIN"]
    if codes and bare:
        yield warning("people.codes", f"no PIN, so feature codes are refused: {', '.join(bare)}",
                      "eslbot users pin NAME")
    elif codes:
        yield good("people.codes", "every account with a phone that may be in calls has a PIN")
