"""age's ASCII armour: a binary file as text that can be pasted and printed. Pure. Strict, as the specification is."""

import base64
import binascii

BEGIN, END = "-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"
COLUMNS = 64


class BadArmor(ValueError):
    """The text breaks the specification."""


def armored(data: bytes) -> bool:
    """Whether a file of these bytes means to be armour."""
    return data.lstrip(b" \t\r\n").startswith(b"-----BEGIN")


def encode(data: bytes) -> bytes:
    """The text."""
    body = base64.b64encode(data).decode()
    lines = [body[at : at + COLUMNS] for at in range(0, len(body), COLUMNS)]
    return "\n".join([BEGIN, *lines, END, ""]).encode()


def decode(text: bytes) -> bytes:
    """The bytes again. White space may stand around it. Raises BadArmor."""
    lines = text.strip(b" \t\r\n").replace(b"\r\n", b"\n").split(b"\n")
    if len(lines) < 2 or lines[0] != BEGIN.encode() or lines[-1] != END.encode():
        raise BadArmor("the armour does not begin and end as it should")
    rows = lines[1:-1]
    if any(len(row) != COLUMNS for row in rows[:-1]) or any(not 0 < len(row) <= COLUMNS for row in rows[-1:]):
        raise BadArmor(f"the lines of the armour are not of {COLUMNS} columns")
    body = b"".join(rows)
    try:
        data = base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise BadArmor("the armour is not base64") from error
    if base64.b64encode(data) != body:
        raise BadArmor("the armour is not canonical base64")
    return data
