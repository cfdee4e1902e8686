"""Who really asks, where a proxy stands before us: what a trusted one says of the client is believed, what anybody else
says is thrown away. Knows WSGI's environment, no application."""

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

CLAIMS = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
          "HTTP_X_FORWARDED_PREFIX", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


class Believed:
    """The application behind it."""

    def __init__(
        self, application: Callable[..., Iterable[bytes]], proxies: Sequence[IPv4Network | IPv6Network],
    ) -> None:
        """`proxies`: networks of those whose word is taken, for the last hop alone."""
        self._plain = application
        self._proxied = ProxyFix(application, x_for=1, x_proto=1, x_host=1, x_port=0, x_prefix=0)
        self._proxies = tuple(proxies)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self._trusted(environ.get("REMOTE_ADDR", "")):
            return self._proxied(environ, start_response)
        for claim in CLAIMS:
            environ.pop(claim, None)
        return self._plain(environ, start_response)

    def _trusted(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        found = getattr(found, "ipv4_mapped", None) or found
        return any(found.version == network.version and found in network for network in self._proxies)
