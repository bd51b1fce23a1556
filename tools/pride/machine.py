# SPDX-License-Identifier: BSD-2-Clause
"""QEMU's command line for a board, from board.xml, and ports on the host."""

import os
import socket
import xml.etree.ElementTree

import tree


class Board:
    """The <run> element of boards/NAME/board.xml."""

    def __init__(self, name):
        path = os.path.join(tree.TOP, "boards", name, "board.xml")
        root = xml.etree.ElementTree.parse(path).getroot()
        run = root.find("run")
        if run is None:
            raise tree.Failure(f"{path} does not say how to run the board")
        self.program = run.get("program")
        self.load_address = root.find("image").get("base")
        self.args = [arg.text for arg in run.findall("arg")]
        net = run.find("net")
        self.net_device = None if net is None else net.get("device")

    def command(self, image, icount=False):
        """The machine with the image in memory, no devices of ours yet."""
        args = list(self.args)
        if icount:
            place = args.index("-cpu") + 1
            args[place] += ",cntfrq=1000000000"
            args += ["-icount", "shift=0"]
        return [self.program, "-nodefaults", "-no-reboot", "-display", "none",
                *args, "-device",
                f"loader,file={image},addr={self.load_address},cpu-num=0"]

    def net(self, netdev, number=0):
        """Arguments that attach the network device to `netdev`."""
        if not self.net_device:
            raise tree.Failure("this board has no network device")
        return ["-netdev", f"{netdev},id=net{number}",
                "-device", f"{self.net_device},netdev=net{number}"]


def is_free(port, kind):
    """Can the host port be bound?  `kind` is tcp or udp."""
    types = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
    with socket.socket(socket.AF_INET, types[kind]) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(kind):
    types = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
    with socket.socket(socket.AF_INET, types[kind]) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Forward:
    """One forwarded port, an entry of "ports" in run.json."""

    def __init__(self, entry, wanted=None):
        self.kind = entry.get("proto", "tcp")
        self.guest = str(entry["guest"])
        if ":" not in self.guest:
            self.guest = ":" + self.guest
        self.what = entry.get("what", "")
        self.url = entry.get("url")
        if wanted is not None:
            if wanted and not is_free(wanted, self.kind):
                raise tree.Failure(f"host port {wanted} is in use")
            self.host = wanted or free_port(self.kind)
        elif is_free(entry["host"], self.kind):
            self.host = entry["host"]
        else:
            self.host = free_port(self.kind)
            tree.say(f"port {entry['host']} is in use, using {self.host}")

    def option(self):
        return f"hostfwd={self.kind}:127.0.0.1:{self.host}-{self.guest}"

    def line(self):
        """What to tell the user."""
        if self.url is not None:
            return f"http://localhost:{self.host}{self.url}"
        return f"{self.kind} localhost:{self.host}  {self.what}".rstrip()


def forwards(facts, wanted=()):
    """The ports of run.json; `wanted` replaces the first host ports."""
    entries = facts.get("ports", [])
    chosen = list(wanted) + [None] * len(entries)
    return [Forward(e, w) for e, w in zip(entries, chosen)]


def user_netdev(ports):
    """QEMU's built-in network with forwarded ports."""
    return ",".join(["user"] + [port.option() for port in ports])
