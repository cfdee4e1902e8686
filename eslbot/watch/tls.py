"""The TLS that our servers speak: 1.2 or newer, with a certificate and its key from files. Knows no server."""

from pathlib import Path
from typing import Any

import gevent.ssl


class TlsProblem(OSError):
    """The certificate or its key cannot be used. The text names the file, or both."""


def context(certificate: Path, key: Path) -> Any:
    """A gevent.ssl.SSLContext. Raises TlsProblem."""
    made = gevent.ssl.SSLContext(gevent.ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = gevent.ssl.TLSVersion.TLSv1_2
    load(made, certificate, key)
    return made


def load(into: Any, certificate: Path, key: Path) -> None:
    """Take them, or take them anew: for the connections to come. Raises TlsProblem, and what was there before stays."""
    for file in (certificate, key):
        try:
            file.read_bytes()
        except OSError as error:
            raise TlsProblem(f"{file}: cannot be read: {error.strerror or error}") from error
    trial = gevent.ssl.SSLContext(gevent.ssl.PROTOCOL_TLS_SERVER)   # a half-renewed pair must not replace a good one
    for one in (trial, into):
        try:
            one.load_cert_chain(certificate, key, password=lambda: b"")
        except gevent.ssl.SSLError as error:
            why = "the key is another certificate's" if error.reason == "KEY_VALUES_MISMATCH" else error.reason or error
            raise TlsProblem(f"{certificate} and {key}: {why}") from error
