# SPDX-License-Identifier: BSD-2-Clause
"""Network cards.

    {"kind": "net", "back_end": "user", "ports": [PORT, ...]}
        QEMU's own network 10.0.2.0/24 with DHCP; no rights needed.  A PORT is
        {"host": 8080, "guest": 80, "proto": "tcp", "url": "/", "what": "..."};
        "guest" may name an address, "10.0.2.16:80"; "url" makes it a page.
    {"kind": "net", "back_end": "tap", "interface": "tap0", "offload": true}
        a tap that exists on the host
    {"kind": "net", "back_end": "socket", "local": PORT, "peer": PORT}
        each frame is one UDP datagram on the loopback address
    {"kind": "net", "back_end": "none"}
        a card whose frames go nowhere
"""

import hostport
import tree

PORT_MAX = 65535
ADDRESS = r"\d{1,3}(\.\d{1,3}){3}"


class Forward:
    """A port of the guest's that the host has too."""

    def __init__(self, entry):
        self.usual = entry.number("host", 1, PORT_MAX)
        self.guest = self._guest(entry)
        self.kind = entry.choice("proto", hostport.TYPES, "tcp")
        self.what = entry.text("what", "")
        self.url = entry.text("url", None, r"/\S*", "a path, /...")
        if self.url is not None and self.kind != "tcp":
            entry.fail("a page needs tcp", "url")
        self.wanted = None
        self.host = self.usual
        entry.done()

    @staticmethod
    def _guest(entry):
        """A port, or a text ADDRESS:PORT; in QEMU's form."""
        if isinstance(entry.value.get("guest"), str):
            text = entry.text("guest", pattern=ADDRESS + r":\d{1,5}",
                              what="a port or \"ADDRESS:PORT\"")
            address, port = text.split(":")
            if int(port) not in range(1, PORT_MAX + 1) \
                    or any(int(part) > 255 for part in address.split(".")):
                entry.fail("must be a port or \"ADDRESS:PORT\"", "guest")
            return text
        return f":{entry.number('guest', 1, PORT_MAX)}"

    def choose(self):
        """Settles the host's port: the wanted one (0: any), else the usual one,
        else any."""
        if self.wanted:
            if not hostport.claim(self.wanted, self.kind):
                raise tree.Failure(f"host port {self.wanted} is in use")
            self.host = self.wanted
        elif self.wanted is None and hostport.claim(self.usual, self.kind):
            self.host = self.usual
        else:
            self.host = hostport.free_port(self.kind)
            if self.wanted is None:
                tree.say(f"port {self.usual} is in use, using {self.host}")

    def option(self):
        return f"hostfwd={self.kind}:127.0.0.1:{self.host}-{self.guest}"

    def line(self):
        """What to tell the user; the address of a page is the last of it."""
        if self.url is not None:
            return f"{self.what or 'page'}: http://localhost:{self.host}{self.url}"
        return f"{self.kind} localhost:{self.host}  {self.what}".rstrip()


class User:
    """QEMU's own network."""

    def __init__(self, entry):
        self.ports = [Forward(e) for e in entry.entries("ports")]

    def netdev(self, _name):
        return ",".join(["user"] + [port.option() for port in self.ports])


class Tap:
    """A tap of the host's."""

    def __init__(self, entry):
        self.interface = entry.text("interface", pattern=r"[\w.-]{1,15}",
                                    what="an interface's name")
        self.offload = entry.flag("offload", True)

    def netdev(self, _name):
        return f"tap,ifname={self.interface},script=no,downscript=no"


class Socket:
    """Frames in UDP datagrams on the loopback address."""

    def __init__(self, entry):
        self.local = entry.number("local", 1, PORT_MAX)
        self.peer = entry.number("peer", 1, PORT_MAX)

    def netdev(self, _name):
        return (f"socket,udp=127.0.0.1:{self.peer},"
                f"localaddr=127.0.0.1:{self.local}")


class Nowhere:
    """A hub of its own, with nothing else on it."""

    def __init__(self, entry):
        pass

    def netdev(self, name):
        return f"hubport,hubid={name.removeprefix(Device.KIND)}"


class Device:
    """A network card with its back end."""

    KIND = "net"
    BACK_ENDS = {"user": User, "tap": Tap, "socket": Socket, "none": Nowhere}

    def __init__(self, entry):
        word = entry.choice("back_end", self.BACK_ENDS)
        self.host_side = self.BACK_ENDS[word](entry)

    @property
    def ports(self):
        """Forwarded ports; only the user back end has some."""
        return getattr(self.host_side, "ports", [])

    def prepare(self):
        for port in self.ports:
            port.choose()

    def back_end(self, name):
        return ["-netdev", f"{self.host_side.netdev(name)},id={name}"]

    def properties(self, name):
        offload = getattr(self.host_side, "offload", True)
        return [f"netdev={name}"] + (
            [] if offload else ["csum=off", "guest_csum=off"])
