"""HTTP as a test wants it: an ordinary client that keeps its connection, and a bare socket for what no client would send."""

import http.client
import json
import re
import socket
import urllib.parse


class Response:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def header(self, name):
        """The field's value, its lines joined; None if there is none."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(found) if found else None

    def json(self):
        return json.loads(self.body)

    @property
    def cache(self):
        return self.header("Cache-Status")

    @property
    def is_hit(self):
        return re.fullmatch(r"larder; hit; ttl=\d+", self.cache or "") is not None

    @property
    def etag(self):
        return self.header("ETag")

    def __repr__(self):
        return f"<{self.status} {self.cache or ''} {self.body[:600].decode(errors='replace')}>"


class Client:
    """One keep-alive connection. After an error the next request opens a new one."""

    def __init__(self, port, timeout=15):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._connection.close()

    def request(self, method, path, body=None, headers=None):
        """Sends `body` as it is if it is bytes, else as JSON."""
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            return Response(answer.status, answer.getheaders(), answer.read())
        except http.client.HTTPException as error:
            self._connection.close()
            # What breaks a connection is an OSError, also when it broke between two answers.
            raise ConnectionError(repr(error)) from error
        except OSError:
            self._connection.close()
            raise

    def get(self, path, headers=None, **parameters):
        """`parameters` go into the query, encoded; a name that is no Python word can be given as `**{"price[gte]": 5}`."""
        if parameters:
            path += "?" + urllib.parse.urlencode(parameters)
        return self.request("GET", path, headers=headers)

    def post(self, path, body, headers=None):
        return self.request("POST", path, body, headers)

    def put(self, path, body, headers=None):
        return self.request("PUT", path, body, headers)

    def patch(self, path, body, headers=None):
        return self.request("PATCH", path, body, headers)

    def delete(self, path, headers=None):
        return self.request("DELETE", path, headers=headers)


class Raw:
    """A connection on which a test says each byte, and reads what comes back."""

    def __init__(self, port, timeout=10):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()
        self._socket.close()

    def send(self, data):
        """The service may hang up before it has read all; what it answered is still there to be read."""
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def finish_sending(self):
        self._socket.shutdown(socket.SHUT_WR)

    def response(self, to="GET"):
        """The next answer; None if the connection was closed instead."""
        line = self._file.readline()
        if not line:
            return None
        match = re.fullmatch(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n", line)
        assert match, f"not a status line: {line!r}"
        headers = []
        while (line := self._file.readline()) != b"\r\n":
            match_header = re.fullmatch(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*\r\n", line)
            assert match_header, f"not a header line: {line!r}"
            headers.append(tuple(part.decode("latin-1") for part in match_header.groups()))
        answer = Response(int(match[1]), headers, b"")
        if to != "HEAD" and answer.status >= 200 and answer.status not in (204, 304):
            length = answer.header("Content-Length")
            assert length is not None, f"no Content-Length: {headers}"
            answer.body = self._file.read(int(length))
        return answer

    def is_closed(self):
        """Whether the service ends the connection without another byte; waits for it as long as the timeout says."""
        try:
            return self._file.read(1) == b""
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False
