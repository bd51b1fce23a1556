#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""tools/webpack.py: what it packs, what it refuses."""

import os
import pathlib
import struct
import subprocess
import sys
import tempfile

import tree
from tap import Tap, check, equal

TOOL = os.path.join(tree.TOP, "tools", "webpack.py")


def pack(directory, output, **env):
    return subprocess.run(
        [sys.executable, TOOL, str(directory), str(output)],
        env={**os.environ, **env}, capture_output=True, text=True, check=False)


def fnv1a(data):
    value = 0xcbf29ce484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001b3) % (1 << 64)
    return value


def unpack(data):
    """{path: (type, time, content)}, read by the words of archive.h."""
    magic, version, count, size, entries, digest = struct.unpack_from(
        "<8sIIIIQ", data)
    equal((magic, version, size), (b"PRIDWEB1", 1, len(data)), "header")
    equal(digest, fnv1a(data[32:]), "hash")
    files, last = {}, b""
    for i in range(count):
        at, path_len, kind_len, kind, zero, when, start, length, content_hash \
            = struct.unpack_from("<IHHIIQIIQ", data, entries + 40 * i)
        path = data[at:at + path_len]
        check(path > last, f"{path} after {last}")
        content = data[start:start + length]
        equal(content_hash, fnv1a(content), "hash of a file")
        equal(zero, 0, "reserved word")
        files[path.decode()] = (data[kind:kind + kind_len].decode(), when,
                                content)
        last = path
    return files


def test_good(tap, top):
    site, output = top / "site", top / "out.bin"
    (site / "a" / "b").mkdir(parents=True)
    (site / "index.html").write_text("<p>x")
    (site / "a" / "b" / "x.SVG").write_bytes(b"\0\1\2")
    (site / "a" / "empty.css").write_bytes(b"")
    (site / "a" / "unknown.xyz").write_bytes(b"?" * 1001)
    (site / ".hidden").write_text("x")
    (site / ".git").mkdir()
    (site / ".git" / "config").write_text("x")
    os.utime(site / "index.html", (784111777, 784111777))
    with tap.case("a directory becomes an archive of all its files"):
        done = pack(site, output, SOURCE_DATE_EPOCH="800000000")
        equal((done.returncode, done.stderr), (0, ""), "result")
        equal(unpack(output.read_bytes()), {
            "/index.html": ("text/html; charset=utf-8", 784111777, b"<p>x"),
            "/a/b/x.SVG": ("image/svg+xml", 800000000, b"\0\1\2"),
            "/a/empty.css": ("text/css; charset=utf-8", 800000000, b""),
            "/a/unknown.xyz": ("application/octet-stream", 800000000,
                               b"?" * 1001)}, "files")
    with tap.case("packing again gives the same bytes"):
        before = output.read_bytes()
        pack(site, output, SOURCE_DATE_EPOCH="800000000")
        equal(output.read_bytes() == before, True, "same")


def test_bad(tap, top):
    with tap.case("a missing directory is an error and leaves no file"):
        done = pack(top / "none", top / "none.bin")
        equal((done.returncode, done.stderr),
              (1, f"webpack: {top}/none: no such directory\n"), "result")
        check(not (top / "none.bin").exists(), "a file is left")
    with tap.case("a file name with a line end is an error"):
        bad = top / "bad"
        bad.mkdir()
        (bad / "a\nb").write_text("x")
        done = pack(bad, top / "bad.bin")
        equal(done.returncode, 1, "exit status")
        check("control character" in done.stderr, done.stderr)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as top:
        test_good(tap, pathlib.Path(top))
        test_bad(tap, pathlib.Path(top))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
