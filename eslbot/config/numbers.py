"""An admin's pattern of telephone numbers, read by RE2: its time is linear in the number whatever the pattern says,
since strangers choose numbers (decision 122). Knows no setting that has one."""

from functools import cached_property
from typing import Annotated, Any

from pydantic import BeforeValidator, InstanceOf, PlainSerializer

LONGEST = 128
"""Characters of a number that is looked at; a longer one is nobody's."""
LONGEST_PATTERN = 4_000
"""Characters."""
LARGEST = 5_000
"""Steps of a compiled pattern; a number costs at most this times its length."""
_MEMORY = 8 << 20
"""Bytes a compiled pattern and its caches may take."""


class NumberPattern:
    """Immutable; equal where its text is. Loads re2 when it is asked first: most commands ask none."""

    def __init__(self, text: str) -> None:
        self.text = text

    def fullmatch(self, number: str) -> bool:
        """Whether the pattern is of this number as a whole."""
        if len(number) > LONGEST or not number.isprintable():   # RE2 takes no half of a surrogate pair
            return False
        return self._compiled.fullmatch(number) is not None

    def check(self) -> None:
        """Raises ValueError where it is none, and says which of RE2's rules it breaks."""
        import re2

        if len(self.text) > LONGEST_PATTERN:
            raise ValueError(f"the pattern is longer than {LONGEST_PATTERN} characters")
        try:
            size = int(self._compiled.programsize)
        except re2.error as error:
            said = error.args[0] if error.args else error
            said = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
            raise ValueError(
                f"is no regular expression of RE2, which looks neither ahead nor back and remembers nothing: {said}"
            ) from error
        if size > LARGEST:
            raise ValueError(f"the pattern is too large: {size} steps, at most {LARGEST}")

    @cached_property
    def _compiled(self) -> Any:
        import re2

        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        return re2.compile(self.text, options)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NumberPattern) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"NumberPattern({self.text!r})"


def _read(value: Any) -> Any:
    if isinstance(value, NumberPattern):
        return value
    if not isinstance(value, str):
        raise ValueError("must be a regular expression, as a string")
    pattern = NumberPattern(value)
    pattern.check()
    return pattern


Numbers = Annotated[InstanceOf[NumberPattern], BeforeValidator(_read), PlainSerializer(str, return_type=str)]
"""A pattern that is held against a number as a whole."""
