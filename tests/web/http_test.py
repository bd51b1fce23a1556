#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# timeout: 180
"""HTTP as the web server speaks it: each rule on a connection to the system."""

import pathlib
import re
import socket
import subprocess
import sys
import time

import tree
from tap import Tap, check, equal
from weblib import HOST, Server

SITE = pathlib.Path(tree.TOP, "systems", "webserver", "site")

# What is sent, the status that must come, and whether the connection lives on.
REQUESTS = [
    ("the start page", b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, True),
    ("HTTP/1.0", b"GET / HTTP/1.0\r\n\r\n", 200, False),
    ("HTTP/1.0 with keep-alive",
     b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, True),
    ("Connection: close",
     b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 200, False),
    ("the absolute form",
     b"GET http://pride/index.html HTTP/1.1\r\nHost: pride\r\n\r\n", 200, True),
    ("HEAD", b"HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", 200, True),
    ("empty lines before a request",
     b"\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, True),
    ("a small body is dropped",
     b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nGET ", 200, True),
    ("a chunked body is dropped",
     b"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
     b"4\r\nabcd\r\n0\r\n\r\n", 200, False),
    ("dots inside the site",
     b"GET /about/../index.html HTTP/1.1\r\nHost: h\r\n\r\n", 200, True),
    ("encoded dots inside the site",
     b"GET /about/%2e%2E/%69ndex.html HTTP/1.1\r\nHost: h\r\n\r\n", 200, True),
    ("a missing file", b"GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n", 404, True),
    ("above the root",
     b"GET /../../etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", 400, True),
    ("above the root, encoded",
     b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", 400, True),
    ("an encoded NUL",
     b"GET /index.html%00.png HTTP/1.1\r\nHost: h\r\n\r\n", 400, True),
    ("a NUL", b"GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n", 400, False),
    ("half a percent-encoding",
     b"GET /%4 HTTP/1.1\r\nHost: h\r\n\r\n", 400, True),
    ("a wrong percent-encoding",
     b"GET /%xy HTTP/1.1\r\nHost: h\r\n\r\n", 400, True),
    ("an encoded line end",
     b"GET /%0d%0aX:y HTTP/1.1\r\nHost: h\r\n\r\n", 400, True),
    ("no Host", b"GET / HTTP/1.1\r\n\r\n", 400, False),
    ("two Hosts", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, False),
    ("a Host with a space",
     b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, False),
    ("a field without a colon",
     b"GET / HTTP/1.1\r\nHost: h\r\nrubbish\r\n\r\n", 400, False),
    ("a space before the colon",
     b"GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400, False),
    ("no version that we know", b"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505, False),
    ("the preface of HTTP/2",
     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 501, False),
    ("no version", b"GET /\r\n\r\n", 505, False),
    ("a version in words", b"GET / one.one\r\n\r\n", 400, False),
    ("POST", b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab",
     405, True),
    ("DELETE", b"DELETE / HTTP/1.1\r\nHost: h\r\n\r\n", 405, True),
    ("OPTIONS", b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 405, True),
    ("CONNECT", b"CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", 405, False),
    ("a method nobody knows", b"BREW / HTTP/1.1\r\nHost: h\r\n\r\n", 501, False),
    ("a method in small letters",
     b"get / HTTP/1.1\r\nHost: h\r\n\r\n", 501, False),
    ("a transfer coding nobody knows",
     b"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n",
     501, False),
    ("a body that is too large",
     b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n",
     413, False),
    ("a length that is no number",
     b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: two\r\n\r\n", 400, False),
    ("two lengths", b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n"
     b"Content-Length: 2\r\n\r\n", 400, False),
    ("a length and a coding", b"GET / HTTP/1.1\r\nHost: h\r\n"
     b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n", 400, False),
    ("an expectation", b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
     b"Expect: 100-continue\r\n\r\n", 417, False),
    ("a target that is too long",
     b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\nHost: h\r\n\r\n", 414, False),
    ("a header field that is too long",
     b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
     431, False),
    ("too many header fields", b"GET / HTTP/1.1\r\nHost: h\r\n"
     + b"X: y\r\n" * 200 + b"\r\n", 431, False),
    ("a header of one megabyte",
     b"GET / HTTP/1.1\r\nHost: h\r\n" + b"X: yyyyyyyyyyy\r\n" * 65536,
     431, False),
    ("another protocol", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
     400, False),
    ("binary noise", bytes(range(256)) * 20, 400, False),
]


def check_request(server, data, status, is_open):
    with server.connect() as connection:
        try:
            connection.send(data)
        except ConnectionError:
            pass  # it may close before it has read everything
        answer = connection.answer(data.lstrip().split(b" ", 1)[0])
        equal(answer.status, status, "status")
        equal(answer.version, "HTTP/1.1", "version")
        equal(answer.fields["connection"],
              "keep-alive" if is_open else "close", "Connection")
        if status == 405:
            equal(answer.fields["allow"], "GET, HEAD", "Allow")
        if is_open:
            again = connection.ask(b"GET /style.css HTTP/1.1\r\n" + HOST
                                   + b"\r\n")
            equal(again.status, 200, "the next request's status")
        else:
            check(connection.is_closed(), "the connection stays open")


def test_files(tap, server):
    kinds = {".html": "text/html; charset=utf-8",
             ".css": "text/css; charset=utf-8",
             ".js": "text/javascript; charset=utf-8"}
    for file in sorted(SITE.rglob("*.*")):
        path = "/" + file.relative_to(SITE).as_posix()
        with tap.case(f"{path} is served byte for byte"):
            answer = server.get(path)
            equal(answer.status, 200, "status")
            equal(answer.body, file.read_bytes(), "body")
            equal(answer.fields["content-type"], kinds[file.suffix], "type")
    with tap.case("a directory has its index file"):
        equal(server.get("/about/").body,
              (SITE / "about" / "index.html").read_bytes(), "body")
    with tap.case("a directory without a slash is redirected"):
        answer = server.get("/about")
        equal(answer.status, 301, "status")
        equal(answer.fields["location"], "/about/", "Location")
    with tap.case("HEAD has the fields of GET and no body"):
        with server.connect() as connection:
            get = connection.ask(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
            head = connection.ask(b"HEAD / HTTP/1.1\r\n" + HOST + b"\r\n")
            equal(head.fields, get.fields, "fields")
            equal(connection.rest, b"", "body")


def test_conditions(tap, server):
    first = server.get("/")
    changed, tag = first.fields["last-modified"], first.fields["etag"]
    cases = [
        ("If-Modified-Since of Last-Modified", 304,
         [f"If-Modified-Since: {changed}"]),
        ("If-Modified-Since long ago", 200,
         ["If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"]),
        ("If-Modified-Since that is no date", 200, ["If-Modified-Since: now"]),
        ("If-None-Match of ETag", 304, [f"If-None-Match: {tag}"]),
        ("If-None-Match with a list", 304, [f'If-None-Match: "x", W/{tag}']),
        ("If-None-Match: *", 304, ["If-None-Match: *"]),
        ("If-None-Match of another", 200, ['If-None-Match: "x"']),
        ("a tag that differs outweighs the date", 200,
         ['If-None-Match: "x"', f"If-Modified-Since: {changed}"]),
    ]
    for name, status, fields in cases:
        with tap.case(f"{name}: {status}"):
            answer = server.get("/", *fields)
            equal(answer.status, status, "status")
            equal(answer.fields["etag"], tag, "ETag")
            equal(answer.body, first.body if status == 200 else b"", "body")


def test_connections(tap, server):
    get = b"GET /style.css HTTP/1.1\r\n" + HOST + b"\r\n"
    style = (SITE / "style.css").read_bytes()
    with tap.case("200 requests one after the other on one connection"):
        with server.connect() as connection:
            for _ in range(200):
                equal(connection.ask(get).body, style, "body")
    with tap.case("200 requests sent before the first answer is read"):
        with server.connect() as connection:
            connection.send(get * 200)
            for _ in range(200):
                equal(connection.answer().body, style, "body")
    with tap.case("rendered pages and files mixed in one pipeline"):
        with server.connect() as connection:
            status = b"GET /status.json HTTP/1.1\r\n" + HOST + b"\r\n"
            connection.send((status + get) * 20)
            for _ in range(20):
                check(connection.answer().body.startswith(b"{"), "no JSON")
                equal(connection.answer().body, style, "body")
    with tap.case("a request in single bytes"):
        with server.connect() as connection:
            connection.socket.setsockopt(socket.IPPROTO_TCP,
                                         socket.TCP_NODELAY, 1)
            for byte in get:
                connection.send(bytes([byte]))
                time.sleep(0.002)
            equal(connection.answer().body, style, "body")
    with tap.case("a peer that ends its side still gets its answer"):
        with server.connect() as connection:
            connection.send(get)
            connection.end()
            equal(connection.answer().body, style, "body")
            check(connection.is_closed(), "the connection stays open")
    with tap.case("a request cut off in the middle is closed"):
        with server.connect() as connection:
            connection.send(get[:20])
            connection.end()
            check(connection.is_closed(), "the connection stays open")


def test_curl(tap, server):
    """An independent client."""
    with tap.case("curl gets the page, twice on one connection"):
        done = subprocess.run(
            ["curl", "-sS", "--fail", "-m", "20", "-o", "/dev/null", "-o",
             "/dev/null", "-w", "%{http_code} %{num_connects}\n",
             server.url("/"), server.url("/status.js")],
            capture_output=True, text=True, check=False)
        equal(done.stdout.split(), ["200", "1", "200", "0"],
              f"code and connects ({done.stderr})")
    with tap.case("curl -z gets nothing new"):
        done = subprocess.run(
            ["curl", "-sS", "-m", "20", "-o", "/dev/null", "-w",
             "%{http_code}", "-z", "Thu, 01 Jan 2037 00:00:00 GMT", server.url("/")],
            capture_output=True, text=True, check=False)
        equal(done.stdout, "304", "code")


def main():
    tap = Tap()
    with Server(log="web-http") as server:
        for name, data, status, is_open in REQUESTS:
            with tap.case(f"{name}: {status}"):
                check_request(server, data, status, is_open)
        test_files(tap, server)
        test_conditions(tap, server)
        test_connections(tap, server)
        test_curl(tap, server)
        with tap.case("afterwards no connection is left, and nobody crashed"):
            status = server.settle()
            equal(sum(pd["faults"] for pd in status["pds"]), 0, "faults")
            check(not re.search("MON\\|ERROR|crashed", server.text),
                  "the console tells of a crash")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
