"""Requests to addresses that were checked, without asking DNS again."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse

from .check_url import CheckedUrl

_HEADERS = {
    "accept": "image/*",
    "accept-encoding": "identity",
    "connection": "close",
    "user-agent": "lambda-slim-handler",
}

OnSocket = Callable[[socket.socket], None]


class PinnedConnection(HTTPConnection):
    """Connects to the checked addresses only: a name that changes its address in between gains nothing."""

    def __init__(self, url: CheckedUrl, timeout: float, on_socket: OnSocket) -> None:
        super().__init__(url.host, url.port, timeout=timeout)
        self.default_port = 443 if url.scheme == "https" else 80
        self._checked = url
        self._on_socket = on_socket

    def connect(self) -> None:
        self.sock = self._connect_first()
        self._on_socket(self.sock)
        if self._checked.scheme == "https":
            # TLS still checks the certificate against the name.
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(
                self.sock, server_hostname=self._checked.host, do_handshake_on_connect=False
            )
            self._on_socket(self.sock)
            self.sock.do_handshake()

    def _connect_first(self) -> socket.socket:
        """Try the addresses in their order; Lambda mostly has no IPv6."""
        failure: OSError | None = None
        for address in self._checked.addresses:
            try:
                return socket.create_connection((address, self._checked.port), self.timeout)
            except OSError as error:
                failure = error
        raise failure or OSError("no address")


@contextmanager
def request_pinned(url: CheckedUrl, timeout: float, on_socket: OnSocket) -> Iterator[HTTPResponse]:
    """Send a GET. `on_socket` gets each socket as soon as there is one; `timeout` is for each wait, seconds."""
    with closing(PinnedConnection(url, timeout, on_socket)) as connection:
        connection.request("GET", url.target, headers=_HEADERS)
        with connection.getresponse() as response:
            yield response
