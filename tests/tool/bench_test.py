#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the bench says when something cannot be measured, and of what it
measured."""

import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile

TOP = os.getcwd()
sys.path[:0] = [os.path.join(TOP, *path) for path in
                (("bench", "lib"), ("bench", "linux"), ("tests", "web"))]

import findings  # noqa: E402
import frames  # noqa: E402
import linux_packages  # noqa: E402
import linux_rows  # noqa: E402
import report  # noqa: E402
import results  # noqa: E402
import rows  # noqa: E402
import stream  # noqa: E402
import tcppeer  # noqa: E402
import versions  # noqa: E402
from tap import Tap, check, equal  # noqa: E402


def raising(failure):
    def measure():
        raise failure
    return measure


def one_group():
    """Findings of a group of which one part fails and one is forbidden."""
    found = findings.Findings()
    with contextlib.redirect_stderr(io.StringIO()):
        found.step(["ppc_passive_0w"], raising(ValueError("a\nbad echo")))
        found.step(["ppc_passive_4w"], raising(
            findings.NotRun("taps are forbidden here")))
        found.step(["ppc_passive_8w"], lambda: {"ppc_passive_8w": 260})
    return found


def test_not_run(tap):
    with tap.case("a part that fails has its reason, the others go on"):
        found = one_group()
        equal(found.figures, {"ppc_passive_8w": 260}, "figures")
        equal(found.not_run,
              {"ppc_passive_0w": "failed: ValueError: a bad echo",
               "ppc_passive_4w": "taps are forbidden here"}, "not run")
    with tap.case("rows that a group did not reach are not run"):
        known = results.Results()
        known.add("primitives", one_group(), {}, {})
        equal(set(known.figures) | set(known.not_run),
              set(rows.of_group("primitives")), "rows")
    with tap.case("the tables say not run, and name rows and reasons"):
        known.groups["primitives"]["versions"] = dict.fromkeys(
            ("commit", "compiler", "linker", "qemu"), "x")
        text = "\n".join(report.rows_block(known))
        check("| `ppc_passive_0w` | not run |" in text, text)
        check("NOT RUN, 1: ppc_passive_4w: taps are forbidden here" in text,
              text)
        check("| `ppc_passive_8w` | 260 |" in text, text)


def test_no_linux(tap):
    def get():
        raise linux_packages.sources.Failure("apt-get failed: no network")
    before, linux_packages.get = linux_packages.get, get
    try:
        with tap.case("without packages Linux is not run, and that is said"):
            found = findings.Findings()
            with contextlib.redirect_stderr(io.StringIO()):
                found.step(["linux_boot"], lambda: linux_rows.start(None))
            equal(found.not_run, {"linux_boot": "there is no Linux for the "
                                  "guest: apt-get failed: no network"},
                  "not run")
    finally:
        linux_packages.get = before


def test_files(tap, scratch):
    with tap.case("results are read as they were written, groups replaced"):
        first, second = results.Results(), results.Results()
        first.add("primitives", one_group(), {"commit": "a"}, {})
        first.add("sizes", findings.Findings(), {"commit": "a"}, {})
        later = findings.Findings()
        later.figures["kernel_text_bytes"] = 1
        second.add("sizes", later, {"commit": "b"}, {})
        path = scratch / "results.json"
        first.update(second)
        results.save(first, path)
        read = results.load(path)
        equal(read.groups, json.loads(json.dumps(first.groups)), "groups")
        equal(read.figures["kernel_text_bytes"], 1, "the later figure")
        equal(read.groups["primitives"]["versions"], {"commit": "a"},
              "the other group's commit")


def test_commit(tap, scratch):
    def without(path):
        before = os.environ["PATH"]
        os.environ["PATH"] = path
        try:
            return versions.commit()
        finally:
            os.environ["PATH"] = before
    with tap.case("without git the commit is unknown, and that is said"):
        equal(without(str(scratch)), "unknown (no git)", "commit")
    with tap.case("a tree that is no checkout has no commit"):
        program = scratch / "git"
        program.write_text("#!/bin/sh\necho no repository >&2\nexit 128\n")
        program.chmod(0o755)
        equal(without(f"{scratch}:{os.environ['PATH']}"),
              "unknown (no git checkout)", "commit")
    with tap.case("nor has one below another project's"):
        program.write_text("#!/bin/sh\necho /\n")
        equal(without(f"{scratch}:{os.environ['PATH']}"),
              "unknown (no git checkout)", "commit")


class Guest:
    """Stands for wire, machine and guest: echoes streams, acknowledging."""

    ip = frames.ip("10.0.2.2")
    address = frames.ip("10.0.2.15")
    neighbours = {address: b"\2" * 6}

    def __init__(self, spoil=lambda segment: segment):
        self.out = []
        self.seq, self.ack = 500, 0
        self.spoil = spoil
        self.acknowledgements = 0

    def answer(self, flags, data=b""):
        segment = tcppeer.segment(self.address, self.ip, 1236, 40000,
                                  self.seq, self.ack, flags, 60000, data)
        self.seq += len(data)
        self.out.append(frames.Packet(frames.ether(
            b"\2" * 6, b"\3" * 6, frames.ETHER_IP, frames.ip4(
                self.address, self.ip, frames.TCP, self.spoil(segment)))))

    def send_ip(self, _mac, _guest, _proto, data):
        segment = tcppeer.Segment(data)
        if segment.flags & stream.SYN:
            self.ack = segment.seq + 1
            self.answer(stream.SYN | stream.ACK)
            self.seq += 1
        elif segment.data:
            self.ack += len(segment.data)
            self.answer(stream.ACK, segment.data)
        else:
            self.acknowledgements += 1

    def wait(self, wanted, _timeout):
        while self.out:
            packet = self.out.pop(0)
            if wanted(packet):
                return packet
        return None


class AtOnce:
    """A Burst without a machine."""

    def __init__(self, wire):
        self.wire = wire

    def deliver(self, send):
        return send()

    def settle(self):
        pass


def connection(guest):
    found = stream.Stream(AtOnce(guest), guest.address, (40000, 1236))
    found.open()
    return found


def test_stream(tap):
    data = bytes(range(256)) * 40  # eight segments
    with tap.case("a stream sends segments and takes the echo"):
        guest = Guest()
        equal(connection(guest).exchange(data, len(data)), data, "echo")
    with tap.case("what came is acknowledged, every second segment"):
        equal(guest.acknowledgements, 1, "those of the handshake")
        peer = connection(guest := Guest())
        peer.exchange(data, len(data))
        before = guest.acknowledgements
        peer.flush()
        equal(guest.acknowledgements - before, 4, "acknowledgements")
    for what, spoil, skipped in (
            ("a byte that is wrong", lambda s: s[:-1] + bytes([s[-1] ^ 1]), 0),
            ("a segment that is missing", lambda s: s, stream.MSS)):
        with tap.case(f"{what} ends the measurement"):
            guest = Guest()
            peer = connection(guest)
            guest.spoil = spoil
            guest.seq += skipped
            try:
                peer.exchange(data, len(data))
            except stream.Failed:
                continue
            check(False, "nothing was noticed")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as top:
        scratch = pathlib.Path(top)
        test_not_run(tap)
        test_no_linux(tap)
        test_files(tap, scratch)
        test_commit(tap, scratch)
    test_stream(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
