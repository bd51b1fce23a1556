#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Fetches pinned third-party sources into a directory.

    sources.py DIRECTORY [NAME...]

The list and the pins are in sources.json.  A source is an upstream tarball that
Debian serves: apt-get reads the signed index of sources of the mirror this
machine uses (in private directories: the system's lists stay untouched, no root
needed), the tarball alone is fetched, and its SHA-256 must be a pinned one.  It
is unpacked as DIRECTORY/NAME; DIRECTORY/NAME/.complete tells which pin it is.
"""

import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
UNREACHED = re.compile("resolv|Could not connect|Unable to connect|"
                       "Network is unreachable")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Failure(Exception):
    """Something that the user must hear about."""


def say(text):
    print(f"setup: {text}", file=sys.stderr, flush=True)


def run(command):
    """Runs a command, returns its standard output."""
    env = dict(os.environ, LC_ALL="C")
    done = subprocess.run(command, env=env, text=True, capture_output=True,
                          check=False)
    if done.returncode != 0:
        if UNREACHED.search(done.stderr):
            raise Failure("the Debian archive cannot be reached: "
                          "is there a network?")
        raise Failure(f"{command[0]} failed:\n{done.stderr.strip()}")
    return done.stdout


def codename():
    text = pathlib.Path("/etc/os-release").read_text(encoding="utf-8")
    found = re.search(r'^VERSION_CODENAME="?([a-z]+)', text, re.M)
    return found.group(1) if found else "stable"


def mirrors():
    """Main archives of the installed release, as this machine knows them."""
    lines = run(["apt-get", "indextargets", "--format",
                 "$(REPO_URI) $(RELEASE) $(COMPONENT)",
                 "Created-By: Packages"]).splitlines()
    release = codename()
    words = sorted({tuple(line.split()) for line in lines})
    return [(w[0], w[1]) for w in words
            if len(w) == 3 and w[1] == release and w[2] == "main"]


class Archive:
    """A private view of the source archive."""

    def __init__(self, top):
        self.top = pathlib.Path(top)
        for name in ("lists/partial", "cache/archives/partial"):
            (self.top / name).mkdir(parents=True)
        (self.top / "status").touch()
        found = mirrors()
        if not found:
            raise Failure("apt knows no Debian mirror of this release")
        signed = f" [signed-by={KEYRING}]" if os.path.exists(KEYRING) else ""
        (self.top / "sources.list").write_text("".join(
            f"deb-src{signed} {uri} {release} main\n"
            for uri, release in found), encoding="utf-8")
        self.options = []
        for key, value in (
                ("Dir::State", self.top), ("Dir::Cache", self.top / "cache"),
                ("Dir::State::Lists", self.top / "lists"),
                ("Dir::State::status", self.top / "status"),
                ("Dir::Etc::SourceList", self.top / "sources.list"),
                ("Dir::Etc::SourceParts", "/dev/null"),
                ("APT::Sandbox::User", "")):
            self.options += ["-o", f"{key}={value}"]
        # without a network, apt warns, and goes on with no index
        run(["apt-get", *self.options, "-q", "-o",
             "APT::Update::Error-Mode=any", "update"])

    def find(self, name):
        """Address by file name of everything source `name` consists of."""
        out = run(["apt-get", *self.options, "source", "--print-uris",
                   "--only-source", name])
        return {m.group(2): m.group(1)
                for m in re.finditer(r"^'([^']+)' (\S+) ", out, re.M)}

    def fetch(self, address, target, sha256):
        run(["/usr/lib/apt/apt-helper", *self.options, "download-file",
             address, str(target), f"SHA256:{sha256}"])


def unpack(tarball, target):
    """Unpacks a tarball; its single top directory becomes `target`."""
    scratch = target.with_name(target.name + ".new")
    shutil.rmtree(scratch, ignore_errors=True)
    with tarfile.open(tarball) as tar:
        # what newer versions of Python do unasked
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        for member in tar.getmembers():
            parts = pathlib.PurePosixPath(member.name).parts
            if member.name.startswith("/") or ".." in parts:
                raise Failure(f"{tarball.name}: odd path {member.name}")
            if member.isfile() or member.isdir():
                tar.extract(member, scratch)
    inside = list(scratch.iterdir())
    source = inside[0] if len(inside) == 1 else scratch
    shutil.rmtree(target, ignore_errors=True)
    source.rename(target)
    shutil.rmtree(scratch, ignore_errors=True)


def present(target, entry):
    stamp = target / ".complete"
    pins = [pin["sha256"] for pin in entry["pins"]]
    return stamp.exists() and stamp.read_text("ascii").strip() in pins


def get(archive, name, entry, target):
    served = archive.find(name)
    for pin in entry["pins"]:
        if pin["file"] in served:
            break
    else:
        raise Failure(f"no pinned tarball of {name} is served; pinned: "
                      + ", ".join(p["file"] for p in entry["pins"]))
    say(f"fetching {pin['file']} (source of {name})")
    tarball = archive.top / pin["file"]
    archive.fetch(served[pin["file"]], tarball, pin["sha256"])
    if hashlib.sha256(tarball.read_bytes()).hexdigest() != pin["sha256"]:
        raise Failure(f"{pin['file']}: wrong checksum")
    unpack(tarball, target)
    (target / ".complete").write_text(pin["sha256"] + "\n", encoding="ascii")


def main(arguments):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if not arguments:
        say("usage: sources.py DIRECTORY [NAME...]")
        return 2
    directory = pathlib.Path(arguments[0])
    entries = json.loads((HERE / "sources.json").read_text("utf-8"))
    names = arguments[1:] or sorted(entries)
    unknown = [name for name in names if name not in entries]
    if unknown:
        say(f"no such source: {' '.join(unknown)}")
        return 2
    missing = [n for n in names if not present(directory / n, entries[n])]
    if not missing:
        return 0
    directory.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory() as top:
            archive = Archive(top)
            for name in missing:
                get(archive, name, entries[name], directory / name)
    except Failure as failure:
        say(str(failure))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
