"""Clients that take what they can of a service, as a program of its own, so that they do not hold up who measures beside them.

    python greedy_clients.py PORT READERS SENDERS PATH

READERS ask ten times for a long answer, more than the kernel takes for them, and do not read; SENDERS announce a body of a megabyte and send all but its last byte. Who is ended
comes again at once. It goes on until its standard input ends, and then prints how often each kind was ended.
"""

import itertools
import json
import os
import resource
import selectors
import socket
import sys

# More rows than fit into a page, so that each limit above it gives a page of the same rows.
FIRST_LIMIT = 11
PAGES = 16
BODY = b'{"name": "' + b"x" * (1_048_576 - 12) + b'"'


class Greedy:
    def __init__(self, kind, selector, port, messages):
        self.kind, self._selector, self._port, self._messages = kind, selector, port, messages
        self.ended = -1
        self._socket = None
        self.again()

    def again(self):
        self.ended += 1
        if self._socket:
            self._selector.unregister(self._socket)
            self._socket.close()
        self._socket = socket.socket()
        # The kernel takes little for a client that does not read.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        self._socket.setblocking(False)
        self._socket.connect_ex(("127.0.0.1", self._port))
        self._rest = memoryview(next(self._messages))
        self._selector.register(self._socket, self._events(), self)

    def _events(self):
        # A reader looks for nothing at all once it has asked; a sender for the answer that ends it.
        waits = 0 if self.kind == "readers" else selectors.EVENT_READ
        return waits | (selectors.EVENT_WRITE if self._rest else 0)

    def ready(self, events):
        try:
            if events & selectors.EVENT_READ and not self._socket.recv(65_536):
                return self.again()
            if events & selectors.EVENT_WRITE:
                self._rest = self._rest[self._socket.send(self._rest[:65_536]):]
                if not self._events():
                    return self._selector.unregister(self._socket)
                self._selector.modify(self._socket, self._events(), self)
        except OSError:
            self.again()

    def look(self):
        """A reader that is ended is told by nobody but an error."""
        if not self._rest and self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._selector.register(self._socket, selectors.EVENT_READ, self)
            self.again()


def main(port, readers, senders, path):
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    selector = selectors.DefaultSelector()
    # Pages of other limits are other values, though each of them ends at its bytes.
    limits = itertools.cycle(range(FIRST_LIMIT, FIRST_LIMIT + PAGES))
    gets = (f"GET {path}?limit={limit} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 10 for limit in limits)
    head = b"POST /v1/categories HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n"
    clients = [Greedy("readers", selector, port, gets) for _ in range(readers)]
    clients += [Greedy("senders", selector, port, itertools.repeat(head + BODY)) for _ in range(senders)]
    os.set_blocking(0, False)
    while True:
        for key, events in selector.select(0.05):
            key.data.ready(events)
        for client in clients[:readers]:
            client.look()
        try:
            if os.read(0, 1) == b"":
                break
        except BlockingIOError:
            pass
    ended = {kind: sum(client.ended for client in clients if client.kind == kind) for kind in ("readers", "senders")}
    print(json.dumps(ended))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), sys.argv[4])
