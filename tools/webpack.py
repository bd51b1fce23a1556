#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Packs a directory into one file for the web server.

    webpack.py DIRECTORY OUTPUT [--list]

The format is the one of lions/include/lions/web/archive.h; the server checks it
again.  Hidden files are left out.  Times of change are the files' own, but not
later than SOURCE_DATE_EPOCH if that is set, so that a build can be repeated.
"""

import argparse
import os
import pathlib
import struct
import sys

MAGIC = b"PRIDWEB1"
VERSION = 1
HEADER = struct.Struct("<8sIIIIQ")
ENTRY = struct.Struct("<IHHIIQIIQ")
PATH_MAX = 1024
COUNT_MAX = 4096
DATE_MAX = 253402300799  # the last second of year 9999

TYPES = {
    ".avif": "image/avif",
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".gz": "application/gzip",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}


class Failure(Exception):
    """Something that the user must hear about."""


def fnv1a(data):
    value = 0xcbf29ce484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001b3) & 0xffffffffffffffff
    return value


def files_below(top):
    """(path in the archive as bytes, file) of all files, sorted by path."""
    found = []
    for directory, names, leaves in os.walk(top):
        names[:] = sorted(n for n in names if not n.startswith("."))
        for leaf in leaves:
            if leaf.startswith("."):
                continue
            file = pathlib.Path(directory, leaf)
            path = b"/" + os.fsencode(file.relative_to(top).as_posix())
            if len(path) > PATH_MAX:
                raise Failure(f"{file}: the path is too long")
            if any(byte < 0x20 or byte in b"\\\x7f" for byte in path):
                raise Failure(f"{file}: a path with a control character or '\\'")
            if file.is_file():
                found.append((path, file))
    if len(found) > COUNT_MAX:
        raise Failure(f"{top}: more than {COUNT_MAX} files")
    return sorted(found)


def changed(file):
    """A file's time of change, in whole seconds."""
    when = int(file.stat().st_mtime)
    limit = os.environ.get("SOURCE_DATE_EPOCH")
    if limit is not None:
        when = min(when, int(limit))
    return max(0, min(when, DATE_MAX))


class Archive:
    """Strings and contents behind the entries; equal strings are shared."""

    def __init__(self, count):
        self.start = HEADER.size + count * ENTRY.size
        self.data = bytearray()
        self.strings = {}

    def put(self, content):
        offset = self.start + len(self.data)
        self.data += content
        return offset

    def put_string(self, text):
        if text not in self.strings:
            self.strings[text] = self.put(text)
        return self.strings[text]

    def align(self, size):
        self.data += bytes(-(self.start + len(self.data)) % size)


def pack(found):
    """The archive of the files, as bytes."""
    archive = Archive(len(found))
    entries = bytearray()
    for path, file in found:
        content = file.read_bytes()
        kind = TYPES.get(file.suffix.lower(), TYPES[".bin"]).encode()
        places = archive.put_string(path), archive.put_string(kind)
        archive.align(8)
        entries += ENTRY.pack(places[0], len(path), len(kind), places[1], 0,
                              changed(file), archive.put(content),
                              len(content), fnv1a(content))
    body = bytes(entries + archive.data)
    total = HEADER.size + len(body)
    if total >= 1 << 32:
        raise Failure("the files do not fit 4 GiB")
    return HEADER.pack(MAGIC, VERSION, len(found), total, HEADER.size,
                       fnv1a(body)) + body


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--list", action="store_true",
                        help="print what was packed")
    args = parser.parse_args()
    try:
        if not args.directory.is_dir():
            raise Failure(f"{args.directory}: no such directory")
        found = files_below(args.directory)
        data = pack(found)
        args.output.parent.mkdir(parents=True, exist_ok=True)
        args.output.write_bytes(data)
    except (Failure, OSError) as failure:
        print(f"webpack: {failure}", file=sys.stderr)
        return 1
    if args.list:
        for path, file in found:
            print(f"{file.stat().st_size:9} {os.fsdecode(path)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
