# SPDX-License-Identifier: BSD-2-Clause
"""Raw Ethernet to a machine in QEMU, without rights on the host.

QEMU's socket back end sends each frame as one UDP datagram and takes ours:

    wire = Host()
    with Machine("echo", net=wire):
        guest = wire.lease(mac("52:54:01:00:00:01"), 10)
        lost = wire.udp_echo(guest, 1235, size=64, window=8, count=1000).lost
"""

import collections
import random
import socket
import struct
import time

import frames
import hostport
import qemu


class RawNet:
    """One end of the wire: frames out, frames in."""

    def __init__(self):
        self.sent = 0
        self.open()

    def open(self):
        """The host's end of the wire."""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self.socket.setsockopt(socket.SOL_SOCKET, option, 4 << 20)
        self.guest = ("127.0.0.1", hostport.free_port("udp"))

    def device(self, _facts):
        """For qemu.Machine(net=...)."""
        return qemu.device(kind="net", back_end="socket", local=self.guest[1],
                           peer=self.socket.getsockname()[1])

    def send(self, frame):
        self.sent += 1
        self.socket.sendto(frame, self.guest)

    def drained(self, timeout=5):
        """Waits until QEMU has taken everything that was sent: its socket's
        receive queue is empty (Linux, proc_net_udp: rx_queue)."""
        ours = f":{self.guest[1]:04X}"
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            with open("/proc/net/udp", encoding="ascii") as file:
                waiting = [int(fields[4].split(":")[1], 16)
                           for fields in map(str.split, file)
                           if fields[1].endswith(ours)]
            if not any(waiting):
                return
            time.sleep(0.0002)
        raise RuntimeError("QEMU does not take its frames")

    def receive(self, timeout):
        """The next frame, or None after `timeout` seconds."""
        self.socket.settimeout(max(timeout, 0.000001))
        try:
            return self.socket.recv(65536)
        except (socket.timeout, BlockingIOError, ConnectionError):
            return None

    def close(self):
        self.socket.close()


Echo = collections.namedtuple("Echo", "sent received lost wrong seconds")


class Host(RawNet):
    """A host on the wire: answers ARP and ping, gives out addresses by DHCP,
    and sends what a test wants."""

    def __init__(self, address="10.0.2.2", own_mac="52:55:0a:00:02:02"):
        super().__init__()
        self.ip = frames.ip(address)
        self.mac = frames.mac(own_mac)
        self.leases = {}
        self.acknowledged = set()
        self.neighbours = {}
        self.arp_seen = 0

    def address_for(self, mac):
        """The address that this client's MAC gets: .15, .16, ..."""
        if mac not in self.leases:
            self.leases[mac] = self.ip[:3] + bytes([15 + len(self.leases)])
        return self.leases[mac]

    def send_ip(self, dst_mac, dst, proto, payload, ident=0):
        self.send(frames.ether(
            dst_mac, self.mac, frames.ETHER_IP,
            frames.ip4(self.ip, dst, proto, payload, ident)))

    def send_udp(self, dst, sport, dport, data):
        self.send_ip(self.neighbours[dst], dst, frames.UDP,
                     frames.udp(self.ip, dst, sport, dport, data))

    def _arp(self, packet):
        self.arp_seen += 1
        self.neighbours[packet.sender_ip] = packet.sender_mac
        if packet.operation == 1 and packet.target_ip == self.ip:
            self.send(frames.ether(
                packet.src_mac, self.mac, frames.ETHER_ARP,
                frames.arp(2, self.mac, self.ip, packet.sender_mac,
                           packet.sender_ip)))

    def _dhcp(self, packet):
        options = frames.dhcp_options(packet.data)
        kind = options.get(53, b"\0")[0]
        answer = {frames.DHCP_DISCOVER: frames.DHCP_OFFER,
                  frames.DHCP_REQUEST: frames.DHCP_ACK}.get(kind)
        if answer is None:
            return
        client = packet.data[28:34]
        offered = self.address_for(client)
        if answer == frames.DHCP_ACK:
            self.acknowledged.add(client)
            self.neighbours[offered] = client
        reply = frames.dhcp_reply(packet.data, answer, self.ip, offered)
        data = frames.udp(self.ip, offered, 67, 68, reply)
        self.send(frames.ether(client, self.mac, frames.ETHER_IP,
                               frames.ip4(self.ip, offered, frames.UDP, data)))

    def poll(self, timeout):
        """Handles one frame; returns it as a Packet when it is for the test,
        None when it was housekeeping or the time is over."""
        frame = self.receive(timeout)
        return None if frame is None else self.handle(frame)

    def handle(self, frame):
        """The same with a frame that is here already."""
        packet = frames.Packet(frame)
        if packet.kind == "arp":
            self._arp(packet)
        elif packet.kind == "udp" and packet.dport == 67:
            self._dhcp(packet)
        elif packet.kind == "icmp" and packet.type == 8 \
                and packet.dst == self.ip:
            self.send_ip(packet.src_mac, packet.src, frames.ICMP,
                         frames.icmp_echo(packet.ident, packet.sequence,
                                          packet.data, kind=0))
        else:
            return packet
        return None

    def wait(self, wanted, timeout):
        """Polls until wanted(packet) is true; returns the packet or None."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            packet = self.poll(deadline - time.monotonic())
            if packet is not None and wanted(packet):
                return packet
        return None

    def lease(self, mac, timeout):
        """Serves until the client has its address; returns it, or None."""
        deadline = time.monotonic() + timeout
        while mac not in self.acknowledged:
            if time.monotonic() >= deadline:
                return None
            self.poll(min(0.2, deadline - time.monotonic()))
        return self.leases[mac]

    def resolve(self, address, timeout=2):
        """Asks for the MAC of an address by ARP; None when nobody answers."""
        self.neighbours.pop(address, None)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            self.send(frames.ether(
                frames.BROADCAST, self.mac, frames.ETHER_ARP,
                frames.arp(1, self.mac, self.ip, b"\0" * 6, address)))
            pause = time.monotonic() + 0.3
            while time.monotonic() < pause:
                self.poll(0.05)
                if address in self.neighbours:
                    return self.neighbours[address]
        return None

    def ping(self, address, data=b"pride", timeout=2, sequence=1):
        """One echo request; returns whether its true answer came."""
        self.send_ip(self.neighbours[address], address, frames.ICMP,
                     frames.icmp_echo(0x5052, sequence, data))
        return self.wait(
            lambda p: p.kind == "icmp" and p.type == 0
            and p.src == address and p.sequence == sequence
            and p.data == data and p.checksum_ok, timeout) is not None

    def udp_echo(self, address, port, size=64, window=1, count=1000,
                 timeout=2.0, sport=4000, seed=1):
        """Sends `count` datagrams, `window` in flight, and compares what
        comes back, byte by byte.  A datagram not back after `timeout` is
        lost.  Frames and answers are made before the clock starts: the
        generator must not be slower than what it measures."""
        noise = random.Random(seed).randbytes(size + 256)
        requests, answers = [], []
        for number in range(count):
            start = number & 255
            data = (struct.pack("!I", number) + noise[start:start + size])
            requests.append(frames.ether(
                self.neighbours[address], self.mac, frames.ETHER_IP,
                frames.ip4(self.ip, address, frames.UDP, frames.udp(
                    self.ip, address, sport, port, data[:size]))))
            answers.append(frames.udp(
                address, self.ip, port, sport, data[:size]))
        ours = struct.pack("!H", sport)
        begin = time.monotonic()
        flight = collections.OrderedDict()
        sent = received = lost = wrong = 0

        while received + lost < count:
            while sent < count and len(flight) < window:
                self.send(requests[sent])
                flight[sent] = time.monotonic()
                sent += 1
            frame = self.receive(0.05)
            if frame is None:
                pass
            elif frame[12:14] != b"\x08\x00" or frame[23] != frames.UDP \
                    or frame[26:30] != address or frame[36:38] != ours:
                self.handle(frame)
            else:
                number = struct.unpack("!I", frame[42:46].rjust(4, b"\0"))[0]
                # ports, length, checksum and every byte of the payload
                if number in flight and frames.checksum(frame[14:34]) == 0 \
                        and frame[34:34 + len(answers[number])] == \
                        answers[number]:
                    del flight[number]
                    received += 1
                    continue
                wrong += 1
            now = time.monotonic()
            while flight and now - next(iter(flight.values())) > timeout:
                flight.popitem(last=False)
                lost += 1
        return Echo(sent, received, lost, wrong, time.monotonic() - begin)
