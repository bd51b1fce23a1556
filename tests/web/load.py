# SPDX-License-Identifier: BSD-2-Clause
"""Load for the web server: our own clients, and those of the trade."""

import re
import selectors
import shutil
import subprocess
import time

from qemu import note
from tap import Skipped, check, equal
from weblib import HOST

REQUESTS = 10000
GET = b"GET /style.css HTTP/1.1\r\n" + HOST + b"\r\n"


def need(program):
    if shutil.which(program) is None:
        raise Skipped(f"{program} is not installed")


def crowd_of(server, count):
    """Many connections, each with one request behind it.  One after the other:
    QEMU's forwarding lets two wait to be accepted; what comes meanwhile waits
    until its kernel tries again, up to many seconds."""
    connections = []
    for _ in range(count):
        connections.append(server.connect(20))
        equal(connections[-1].ask(GET).status, 200, "the first status")
    return connections


def generate(server, count, requests, path, body):
    """`requests` GETs over `count` kept connections, one in flight on each;
    every answer is compared.  Returns requests per second."""
    get = b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n"
    connections = crowd_of(server, count)
    start = time.monotonic()
    left, asked = requests, 0
    with selectors.DefaultSelector() as ready:
        for connection in connections:
            ready.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(get)
            asked += 1
        while left:
            events = ready.select(15)
            check(events, f"{left} answers are missing")
            for key, _ in events:
                answer = key.data.answer()
                equal((answer.status, answer.body == body), (200, True),
                      "status and body")
                left -= 1
                if asked < requests:
                    key.data.send(get)
                    asked += 1
    for connection in connections:
        connection.close()
    return requests / (time.monotonic() - start)


def ab(url, requests, clients, *options, prefix=()):
    """Runs ab; not one request may fail."""
    need("ab")
    done = subprocess.run(
        [*prefix, "ab", "-q", "-n", str(requests), "-c", str(clients), "-s",
         "30", *options, url],
        capture_output=True, text=True, check=False, timeout=150)
    note(" ".join(re.findall(r"Requests per second:.*", done.stdout)))
    equal(done.returncode, 0, f"exit status ({done.stderr})")
    check(re.search(rf"Complete requests:\s+{requests}\b", done.stdout),
          done.stdout)
    check(re.search(r"Failed requests:\s+0\b", done.stdout), done.stdout)
    check("Non-2xx" not in done.stdout, done.stdout)


def wrk(url, clients, seconds, prefix=()):
    """Runs wrk; not one error may be seen."""
    need("wrk")
    done = subprocess.run(
        [*prefix, "wrk", "-t", "1", "-c", str(clients), "-d", f"{seconds}s",
         "--timeout", "20s", url],
        capture_output=True, text=True, check=False, timeout=seconds + 60)
    note(" ".join(re.findall(r"Requests/sec:.*", done.stdout)))
    found = re.search(r"(\d+) requests in", done.stdout)
    check(found and int(found.group(1)) > 100, done.stdout + done.stderr)
    check("Socket errors" not in done.stdout and "Non-2xx" not in done.stdout,
          done.stdout)
