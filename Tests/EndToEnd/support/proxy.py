"""A way to PostgreSQL that breaks at the commit, where nobody can say whether it happened."""

import pathlib
import socket
import tempfile
import threading
import urllib.parse


class CommitBreaker:
    """Passes all on between the service and the server, until it is told to break the next commit."""

    def __init__(self, uri):
        folder = urllib.parse.parse_qs(urllib.parse.urlsplit(uri).query)["host"][0]
        self._server = f"{folder}/.s.PGSQL.5432"
        self._folder = tempfile.TemporaryDirectory(prefix="larder-proxy-")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(pathlib.Path(self._folder.name) / ".s.PGSQL.5432"))
        self._listener.listen(64)
        self._breaks = None
        self.uri = uri.replace(folder, self._folder.name)
        threading.Thread(target=self._accept, daemon=True).start()

    def break_next(self, when):
        """`when` is "before" the server hears of it, or "after" it was done, before the service hears of that."""
        self._breaks = when

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            state = {"is broken": False}
            for pump in (self._upwards, self._downwards):
                threading.Thread(target=pump, args=(client, server, state), daemon=True).start()

    def _upwards(self, client, server, state):
        while data := self._read(client):
            if self._breaks and b"COMMIT\0" in data:
                when, self._breaks = self._breaks, None
                if when == "before":
                    break
                state["is broken"] = True
            server.sendall(data)
        self._end(client, server)

    def _downwards(self, client, server, state):
        while data := self._read(server):
            if state["is broken"]:
                break
            try:
                client.sendall(data)
            except OSError:
                break
        self._end(client, server)

    @staticmethod
    def _read(connection):
        try:
            return connection.recv(65536)
        except OSError:
            return b""

    @staticmethod
    def _end(*connections):
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        # To close a socket does not wake the thread that accepts from it.
        self._end(self._listener)
        self._listener.close()
        self._folder.cleanup()
