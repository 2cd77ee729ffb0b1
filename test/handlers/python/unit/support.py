"""What several tests need."""

import contextlib
import json
import os
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from handler_common.refusal import Refusal

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../../.."))


def read_event(name: str) -> dict:
    """An event of fixtures/events."""
    with open(os.path.join(ROOT, "fixtures/events", f"{name}.json"), encoding="utf-8") as file:
        return json.load(file)


def read_sample(name: str) -> bytes:
    """A picture that the bundled function has."""
    with open(os.path.join(ROOT, "src/handlers/resnet/samples", name), "rb") as file:
        return file.read()


def code_of(run: Callable[[], object]) -> str:
    """The code of the refusal in which a call ends."""
    try:
        run()
    except Refusal as refusal:
        assert type(refusal).__name__ == refusal.code
        return refusal.code
    raise AssertionError("nothing was refused")


@contextlib.contextmanager
def serve(
    answer: Callable[[BaseHTTPRequestHandler], None], tls: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Run a web server on 127.0.0.1 while the block runs; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            pass  # A client that hangs up is what some tests are about.

        def server_bind(self) -> None:
            socketserver.TCPServer.server_bind(self)

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def send(request: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes = b"") -> None:
    """Send an answer; without a content-length it ends where the connection does."""
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)
