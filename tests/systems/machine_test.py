#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""run.json, the kinds of devices, and QEMU's command line for them."""

import json
import os
import pathlib
import re
import sys
import tempfile

import devices
import machine
import qemu
import runfile
import tap
import tree

USER = '{"kind": "net", "back_end": "user"%s}'


def ports(text):
    return '{"devices": [' + USER % (', "ports": [' + text + "]") + "]}"


# What is in the file; the message behind "PATH".
BAD = (
    ("{", ":1:2: not JSON: Expecting property name enclosed in double quotes"),
    ('{\n  "devices": [,]}', ":2:15: not JSON: Expecting value"),
    ("", ":1:1: not JSON: Expecting value"),
    ("{} {}", ":1:4: not JSON: Extra data"),
    (b"\xff\xfe", ": not JSON: not UTF-8"),
    ("[" * 100000, ": nested too deeply"),
    ('{"ready": NaN}', ": NaN is not JSON"),
    ('{"ready": "a", "ready": "b"}',
     ": the key 'ready' comes twice in one object"),
    ("[]", ": must be an object, {...}"),
    ('{"net": true}', ": unknown key 'net'; there are: devices ready"),
    ('{"devices": {}}', ": devices: must be a list, [...]"),
    ('{"devices": ["net"]}', ": devices[0]: must be an object, {...}"),
    ('{"devices": [{}]}', ": devices[0]: 'kind' is missing"),
    ('{"devices": [{"kind": 1}]}', ": devices[0].kind: must be a text"),
    ('{"devices": [{"kind": "nett"}]}',
     ": devices[0]: unknown kind 'nett'; there are: "
     + " ".join(sorted(devices.kinds()))),
    ('{"devices": [{"kind": "net"}]}', ": devices[0]: 'back_end' is missing"),
    ('{"devices": [' + USER % "" + ', {"kind": "net", "back_end": "x"}]}',
     ": devices[1]: unknown back_end 'x'; there are: none socket tap user"),
    ('{"devices": [' + USER % ', "x": 1' + "]}",
     ": devices[0]: unknown key 'x'; there are: back_end kind ports"),
    ('{"devices": [{"kind": "net", "back_end": "tap"}]}',
     ": devices[0]: 'interface' is missing"),
    ('{"devices": [{"kind": "net", "back_end": "tap", "interface": "a,b=c"}]}',
     ": devices[0].interface: must be an interface's name"),
    ('{"devices": [{"kind": "net", "back_end": "tap", "interface": "t", '
     '"offload": 1}]}', ": devices[0].offload: must be true or false"),
    ('{"devices": [{"kind": "net", "back_end": "socket", "local": 0, '
     '"peer": 1}]}',
     ": devices[0].local: must be a number from 1 to 65535"),
    ('{"devices": [{"kind": "blk", "back_end": "file"}]}',
     ": devices[0]: 'file' is missing"),
    (ports('{"host": 1}'), ": devices[0].ports[0]: 'guest' is missing"),
    (ports('{"host": 1, "guest": 65536}'),
     ": devices[0].ports[0].guest: must be a number from 1 to 65535"),
    (ports('{"host": 1, "guest": true}'),
     ": devices[0].ports[0].guest: must be a number from 1 to 65535"),
    (ports('{"host": 1, "guest": "10.0.2.256:1"}'),
     ': devices[0].ports[0].guest: must be a port or "ADDRESS:PORT"'),
    (ports('{"host": 1, "guest": "10.0.2.15:1,id=x"}'),
     ': devices[0].ports[0].guest: must be a port or "ADDRESS:PORT"'),
    (ports('{"host": 1, "guest": 1}, {"host": 70000, "guest": 1}'),
     ": devices[0].ports[1].host: must be a number from 1 to 65535"),
    (ports('{"host": "1", "guest": 1}'),
     ": devices[0].ports[0].host: must be a number from 1 to 65535"),
    (ports('{"host": 1, "guest": 1, "proto": "sctp"}'),
     ": devices[0].ports[0]: unknown proto 'sctp'; there are: tcp udp"),
    (ports('{"host": 1, "guest": 1, "url": "x y"}'),
     ": devices[0].ports[0].url: must be a path, /..."),
    (ports('{"host": 1, "guest": 1, "url": "/", "proto": "udp"}'),
     ": devices[0].ports[0].url: a page needs tcp"),
    ('{"ready": ["a", 1]}',
     ": ready: must be a text or a list of texts, none empty"),
    ('{"ready": ""}', ": ready: must be a text or a list of texts, none empty"),
)


def bad_files(cases, path):
    for content, message in BAD:
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        name = content[:60].decode("latin-1").replace("\n", " ")
        with cases.case(f"run.json: {name}"):
            try:
                runfile.read(str(path))
            except tree.Failure as failure:
                tap.equal(str(failure), f"{path}{message}", "message")
            else:
                raise tap.Failed("accepted")
    with cases.case("run.json: one that is a directory"):
        try:
            runfile.read(str(path.parent))
        except tree.Failure as failure:
            tap.equal(str(failure), f"{path.parent}: Is a directory")
        else:
            raise tap.Failed("accepted")
    with cases.case("run.json: each one of the tree is good"):
        found = [p for top in ("systems", "tests")
                 for p in pathlib.Path(tree.TOP, top).rglob("run.json")]
        tap.check(len(found) >= 3, found)
        for one in found:
            runfile.read(str(one))


def command(path, *entries):
    """QEMU's arguments for these devices."""
    path.write_text(json.dumps({"devices": entries}), encoding="utf-8")
    board = machine.Board(tree.BOARD)
    return board.devices(runfile.read(str(path)).devices)


def pairs(words):
    return list(zip(words[::2], words[1::2]))


def placing(cases, path):
    net = {"kind": "net", "back_end": "none"}
    disk = {"kind": "blk", "back_end": "file", "file": "a,b.img"}
    with cases.case("two cards: two back ends, two slots"):
        tap.equal(pairs(command(path, net, net)), [
            ("-netdev", "hubport,hubid=0,id=net0"),
            ("-device", "virtio-net-device,bus=virtio-mmio-bus.0,netdev=net0"),
            ("-netdev", "hubport,hubid=1,id=net1"),
            ("-device", "virtio-net-device,bus=virtio-mmio-bus.1,netdev=net1")])
    with cases.case("every back end of a card"):
        words = command(
            path, {"kind": "net", "back_end": "user",
                   "ports": [{"host": 1, "guest": "10.0.2.16:7"}]},
            {"kind": "net", "back_end": "tap", "interface": "t0",
             "offload": False},
            {"kind": "net", "back_end": "socket", "local": 7, "peer": 8})
        back_ends = [w for option, w in pairs(words) if option == "-netdev"]
        tap.check(re.fullmatch(r"user,hostfwd=tcp:127\.0\.0\.1:\d+-"
                               r"10\.0\.2\.16:7,id=net0", back_ends[0]), words)
        tap.equal(back_ends[1:], [
            "tap,ifname=t0,script=no,downscript=no,id=net1",
            "socket,udp=127.0.0.1:8,localaddr=127.0.0.1:7,id=net2"])
        tap.check("csum=off" in words[7] and "csum=off" not in words[11], words)
    with cases.case("more cards than the board has slots for: one error"):
        try:
            command(path, *[net] * 5)
        except tree.Failure as failure:
            tap.equal(str(failure), f"board '{tree.BOARD}' has no slot for "
                      "net4: there are 4 for devices of kind 'net'")
        else:
            raise tap.Failed("accepted")
    with cases.case("the same host port for two cards: another is chosen"):
        one = {"kind": "net", "back_end": "user",
               "ports": [{"host": 40404, "guest": 1}]}
        words = " ".join(command(path, one, one))
        found = re.findall(r"127\.0\.0\.1:(\d+)-", words)
        tap.equal(len(set(found)), 2, "host ports")
    with cases.case("a disk whose file is missing: one error"):
        try:
            command(path, disk)
        except tree.Failure as failure:
            tap.equal(str(failure), f"{path}: devices[0].file: there is no "
                      f"file {path.parent}/a,b.img")
        else:
            raise tap.Failed("accepted")
    with cases.case("a disk and a card are numbered apart"):
        (path.parent / "a,b.img").write_bytes(bytes(4096))
        words = command(path, disk, net)
        tap.equal(words[:4], [
            "-blockdev", "driver=raw,node-name=blk0,read-only=off,"
            f"file.driver=file,file.filename={path.parent}/a,,b.img",
            "-device", "virtio-blk-device,bus=virtio-mmio-bus.4,drive=blk0"])
        tap.check("virtio-mmio-bus.0,netdev=net0" in words[7], words)


NEW_KIND = '''"""A kind that this test adds."""


class Device:
    KIND = "balloon"

    def __init__(self, entry):
        self.size = entry.number("size", 1, 9)

    def prepare(self):
        pass

    def back_end(self, name):
        return ["-object", f"made-up,id={name}"]

    def properties(self, name):
        return [f"size={self.size}"]
'''


def new_kind(cases, path):
    """A file more in a directory of kinds."""
    with cases.case("a new kind is one new file"):
        (path.parent / "balloon.py").write_text(NEW_KIND, encoding="utf-8")
        devices.__path__.append(str(path.parent))
        try:
            words = command(path, {"kind": "balloon", "size": 3})
        finally:
            devices.__path__.pop()
        tap.equal(words, [
            "-object", "made-up,id=balloon0", "-device",
            "virtio-balloon-device,bus=virtio-mmio-bus.8,size=3"])


# VIRTIO 1.2, 4.2.2: what is at offset 8 of a device's registers; 5: the kinds.
DEVICE_ID = 0xa000008
KINDS = {"net": 1, "blk": 2, "rng": 4}


def booting(cases, path):
    """QEMU takes the command line, and the machine has the devices."""
    disk = path.parent / "a,b.img"
    disk.write_bytes(bytes(4096))
    nets = [qemu.device(kind="net", back_end="none") for _ in range(2)]
    words = machine.Board(tree.BOARD).devices(
        [*nets, qemu.device(kind="blk", back_end="file", file=str(disk),
                            read_only=True),
         qemu.device(kind="rng", back_end="host")])
    with cases.case("QEMU has two cards, a disk, random numbers where board.xml says"):
        with qemu.Machine("hello", args=words, log="devices") as m:
            m.expect("hello, world", 20)
            for bus, kind in ((0, "net"), (1, "net"), (2, None), (4, "blk"),
                              (8, "rng")):
                answer = m.command_qemu(
                    "human-monitor-command",
                    **{"command-line": f"xp /1wx {DEVICE_ID + bus * 0x200}"})
                tap.equal(int(answer.split()[-1], 16), KINDS.get(kind, 0),
                          f"device at bus {bus}")
            answer = m.command_qemu("human-monitor-command",
                                    **{"command-line": "info network"})
            found = re.findall(r"net(\d): virtio-net-device\.(\d)", answer)
            tap.equal(sorted(found), [("0", "0"), ("1", "1")], answer)


def main():
    cases = tap.Tap()
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory, "run.json")
        bad_files(cases, path)
        placing(cases, path)
        new_kind(cases, path)
        booting(cases, path)
    return cases.done()


if __name__ == "__main__":
    os.environ["O"] = qemu.OUT
    sys.exit(main())
