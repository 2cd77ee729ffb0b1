"""A clock that runs beside work that cannot be interrupted, such as a DNS look-up."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")


class Stopper:
    """Knows the socket in use, to cut it when the time is up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_over = False
        self._socket: socket.socket | None = None

    def watch(self, sock: socket.socket) -> None:
        """Take the socket that is used from now on. Raises TimeoutError when the time is up."""
        with self._lock:
            self._socket = sock
            if self._is_over:
                raise TimeoutError

    def stop(self) -> None:
        """Cut the connection; a thread that waits on it wakes with an error."""
        with self._lock:
            self._is_over = True
            if self._socket is None:
                return
            # It may be closed already.
            with suppress(OSError):
                # Not that of an SSLSocket, which would take the session away from the thread that reads.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def run_in_time(run: Callable[[Stopper], T], timeout: float) -> T:
    """Run in a thread of its own, for `timeout` seconds at most. Raises TimeoutError, and what `run` raises."""
    stopper = Stopper()
    outcome: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def work() -> None:
        try:
            outcome.put((run(stopper), None))
        except BaseException as error:
            outcome.put((None, error))

    threading.Thread(target=work, daemon=True).start()
    try:
        result, error = outcome.get(timeout=timeout)
    except Empty:
        stopper.stop()
        raise TimeoutError from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]
