"""A deadline for all of a delivery: whoever answers a byte at a time, or not at all, is cut off."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


class TooLong(Exception):
    """The work was not done by its deadline. `thread` may still hang, where no socket could be cut."""

    def __init__(self, thread: threading.Thread) -> None:
        super().__init__("not done in time")
        self.thread = thread


class Deadline:
    """Knows the connections of one delivery and can cut them, from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: list[socket.socket] = []
        self._is_over = False

    def hold(self, connection: socket.socket) -> socket.socket:
        """Remember a new connection, and return it. A copy of its handle is kept: TLS takes the first one over."""
        with self._lock:
            if self._is_over:
                connection.close()
                raise TimeoutError("the deadline has passed")
            self._held.append(connection.dup())
        return connection

    def cut(self) -> None:
        """Shut all connections down, now and later: whoever reads from one wakes up."""
        with self._lock:
            self._is_over = True
            for each in self._held:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """Let go of the connections once the work is over."""
        with self._lock:
            for each in self._held:
                each.close()
            self._held.clear()


def within(seconds: float, work: Callable[[Deadline], T]) -> T:
    """Do the work in a thread of its own and return or raise what it does; raises `TooLong`.

    A thread, because looking up a name knows no time-out, and because a read's time-out starts anew with every byte.
    """
    deadline, outcome = Deadline(), []

    def run() -> None:
        try:
            outcome.append((work(deadline), None))
        except BaseException as error:  # it is raised again in the thread that waits
            outcome.append((None, error))
        finally:
            deadline.release()

    thread = threading.Thread(target=run, daemon=True, name="delivery")
    thread.start()
    thread.join(seconds)
    if not outcome:
        deadline.cut()
        thread.join(1)
        raise TooLong(thread)  # whatever comes of it now: half an answer can look like a whole one once it is cut
    result, error = outcome[0]
    if error:
        raise error
    return result
