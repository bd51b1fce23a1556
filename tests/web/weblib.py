# SPDX-License-Identifier: BSD-2-Clause
"""The web server system in QEMU, and an HTTP client that hides nothing.

    with Server() as server:
        answer = server.ask(b"GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n")
        answer.status, answer.fields["content-type"], answer.body
"""

import json
import re
import socket
import time

from qemu import Machine, UserNet

READY = re.compile(r"web: serving (\S+) on port 80")
HOST = b"Host: pride\r\n"


class Answer:
    """One HTTP response."""

    def __init__(self, status, fields, body, version):
        self.status = status
        self.fields = fields
        self.body = body
        self.version = version


class Connection:
    """A TCP connection that reads one response after the other."""

    def __init__(self, port, timeout=10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def end(self):
        """Says that nothing more will be sent."""
        self.socket.shutdown(socket.SHUT_WR)

    def _fill(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError("connection closed")
        self.rest += data

    def answer(self, method=b"GET"):
        """The next response; EOFError when there is none."""
        while b"\r\n\r\n" not in self.rest:
            self._fill()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        version, status, _reason = lines[0].split(" ", 2)
        fields = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            if name.lower() in fields:
                raise ValueError(f"field {name} twice")
            fields[name.lower()] = value.strip()
        status = int(status)
        size = 0
        if method != b"HEAD" and status != 304:
            size = int(fields["content-length"])
        while len(self.rest) < size:
            self._fill()
        body, self.rest = self.rest[:size], self.rest[size:]
        return Answer(status, fields, body, version)

    def ask(self, data):
        self.send(data)
        return self.answer(data.lstrip().split(b" ", 1)[0])

    def is_closed(self, timeout=5):
        """Has the peer closed (or reset), with nothing left to read?"""
        self.socket.settimeout(timeout)
        try:
            return not self.rest and not self.socket.recv(1)
        except socket.timeout:
            return False
        except ConnectionError:
            return True


class Server(Machine):
    """The system `webserver`, ready to be asked."""

    def __init__(self, config="debug", log="webserver", system="webserver"):
        super().__init__(system, config, net=UserNet(), log=log)

    def start(self):
        super().start()
        self.expect(READY, 60)
        return self

    @property
    def web_port(self):
        return self.net.port[("tcp", 8080)]

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.web_port}{path}"

    def connect(self, timeout=10):
        return Connection(self.web_port, timeout)

    def ask(self, data):
        """One request on a connection of its own."""
        with self.connect() as connection:
            return connection.ask(data)

    def get(self, path, *fields):
        lines = b"".join(field.encode() + b"\r\n" for field in fields)
        return self.ask(b"GET " + path.encode("latin-1") + b" HTTP/1.1\r\n"
                        + HOST + lines + b"\r\n")

    def status(self):
        """The system's own account."""
        return json.loads(self.get("/status.json").body)

    def settle(self, seconds=30):
        """Waits until our own is the only connection left."""
        deadline = time.monotonic() + seconds
        while True:
            status = self.status()
            if status["http"]["connections"] <= 1:
                return status
            if time.monotonic() > deadline:
                raise TimeoutError(f"connections stay: {status['http']}")
            time.sleep(0.3)
