"""Where an identity comes from: a key file, a key file sealed with a passphrase, or a command that prints one (for a
vault or a KMS). Knows files and processes; asks nobody for a passphrase itself. What a command printed is shown in no
error and no log."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from eslbot.record import passphrase
from eslbot.record.armor import BadArmor
from eslbot.record.container import ContainerError, NoMatch
from eslbot.record.keys import Identity, KeyProblem, parse_identities

COMMAND_SECONDS = 60.0
"""A command that has not answered for so long is ended; a person may have to touch a token meanwhile."""
LARGEST = 1 << 20
"""Bytes of a file or an answer; more is no key."""
Ask = Callable[[str], str]
"""Gives the passphrase of the file it is told. Raises KeyProblem where nobody can be asked."""


def nobody(what: str) -> str:
    """Where there is nobody to ask."""
    raise KeyProblem(f"{what}: is sealed with a passphrase, and nobody is there to ask for it")


def configured(file: Path | None, command: Sequence[str], ask: Ask = nobody) -> tuple[Identity, ...]:
    """What [keys] names: the file's, or the command's; none where it names neither. Blocks: a service calls it off its
    hub, keeps what it gives no longer than it is needed, and shows nobody more than its recipients. Raises
    KeyProblem."""
    if file is not None:
        return from_file(file, ask)
    return from_command(command) if command else ()


def from_file(path: Path, ask: Ask = nobody) -> tuple[Identity, ...]:
    """Every identity of the file, sealed or not. Raises KeyProblem with the file, and the line where there is one."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise KeyProblem(f"{path}: cannot be read: {error.strerror or type(error).__name__}") from error
    if len(data) > LARGEST:
        raise KeyProblem(f"{path}: too large for a file of keys")
    if passphrase.looks_sealed(data):
        try:
            data = passphrase.unseal(data, ask(str(path)))
        except NoMatch:
            raise KeyProblem(f"{path}: the passphrase is another") from None
        except (ContainerError, BadArmor) as error:
            raise KeyProblem(f"{path}: {error}") from None
    return _parsed(data, str(path))


def from_command(command: Sequence[str], seconds: float = COMMAND_SECONDS) -> tuple[Identity, ...]:
    """Every identity that the command prints, as a key file holds them. No shell; what it says on standard error is
    seen only where that is a terminal. Raises KeyProblem that names the program and not its arguments."""
    if not command:
        raise KeyProblem("the identity's command is empty")
    where = f"the identity's command {command[0]}"
    try:
        process = subprocess.Popen(
            list(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=None if os.isatty(2) else subprocess.DEVNULL, start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise KeyProblem(f"{where}: cannot be started: {getattr(error, 'strerror', None) or error}") from None
    try:
        data = process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        raise KeyProblem(f"{where}: has not answered for {seconds:g} s") from None
    finally:
        with contextlib.suppress(ProcessLookupError):   # it, or what it started and left behind
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if process.returncode:
        raise KeyProblem(f"{where}: ended with code {process.returncode}")
    return _parsed(data[: LARGEST + 1], f"{where}, line")


def _parsed(data: bytes, where: str) -> tuple[Identity, ...]:
    try:
        return parse_identities(data.decode("utf-8"), where)
    except UnicodeDecodeError:
        raise KeyProblem(f"{where}: cannot be read: not text") from None
