"""What a fetch for a stranger may do."""

import socket
from collections.abc import Callable
from dataclasses import dataclass

from .public_address import is_public_address


def resolve_host(host: str) -> list[str]:
    """The addresses of a host, in the order in which the system would try them. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class FetchRules:
    """Tests give their own; there is no setting that loosens them."""

    is_allowed_address: Callable[[str], bool]
    is_allowed_port: Callable[[int], bool]
    resolve: Callable[[str], list[str]]
    max_bytes: int
    # Seconds for all of it: names, connections, redirects and bytes.
    timeout: float
    max_redirects: int


# Public web servers on their usual ports, 10 MB and 5 s.
PUBLIC_WEB = FetchRules(
    is_allowed_address=is_public_address,
    is_allowed_port=lambda port: port in (80, 443),
    resolve=resolve_host,
    max_bytes=10_000_000,
    timeout=5,
    max_redirects=3,
)
