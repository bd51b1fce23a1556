# SPDX-License-Identifier: BSD-2-Clause
"""What a running system counts, read from its memory by QEMU: the components
cannot tell, and need not help.

Layouts: sddf/include/sddf/util/stats.h, sddf/include/sddf/network/queue.h.
"""

import struct

STATS_MAGIC = 0x3154534544495250
STATS_HEAD = struct.Struct("<QII32s")
STATS_ENTRY = struct.Struct("<24sQ")
SLOT_BYTES = 16


def _text(data):
    return data.split(b"\0", 1)[0].decode("ascii", "replace")


class System:
    """Regions of a machine by name."""

    def __init__(self, machine):
        self.machine = machine
        self.region = {r["name"]: (int(r["phys"], 0), r["size"])
                       for r in machine.report()["regions"]}

    def read(self, name, size=None):
        base, whole = self.region[name]
        return self.machine.memory(base, size or whole)

    def stats(self):
        """{component: {counter: value}} of every counters page."""
        found = {}
        for name in self.region:
            if not name.startswith("stats_"):
                continue
            page = self.read(name)
            magic, count, _, component = STATS_HEAD.unpack_from(page)
            if magic != STATS_MAGIC:
                continue
            values = {}
            for i in range(min(count, 126)):
                entry = STATS_ENTRY.unpack_from(
                    page, STATS_HEAD.size + i * STATS_ENTRY.size)
                values[_text(entry[0])] = entry[1]
            found[name.removeprefix("stats_")] = values
        return found

    def queue(self, name, capacity=512):
        """What lies in a network queue: [(address or offset, length)]."""
        data = self.read(name)
        tail, head = struct.unpack_from("<HH", data)
        found = []
        for i in range((tail - head) & 0xffff):
            slot = (head + i) % capacity
            found.append(struct.unpack_from("<QH", data,
                                            8 + slot * SLOT_BYTES))
        return found


class Conservation:
    """Counts the network buffers of a machine at rest."""

    def __init__(self, machine, clients):
        self.system = System(machine)
        self.clients = clients

    def problems(self):
        """Texts about buffers that are missing, or in two places."""
        stats = self.system.stats()
        yield from self.receive(stats)
        yield from self.transmit(stats)

    def receive(self, stats):
        driver, virt = stats["net_driver"], stats["net_virt_rx"]
        places = {"driver's free queue": self.system.queue(
                      "net_driver_rx_free"),
                  "driver's active queue": self.system.queue(
                      "net_driver_rx_active")}
        total = sum(map(len, places.values())) + driver["rx_posted"] \
            + virt["with_clients"]
        if total != virt["buffers"]:
            yield (f"receive: {virt['buffers']} buffers, but "
                   + ", ".join(f"{len(v)} in {k}" for k, v in places.items())
                   + f", {driver['rx_posted']} posted, "
                   f"{virt['with_clients']} with clients")
        yield from self.unique("receive", places)
        for client in self.clients:
            places = {q: self.system.queue(f"net_{client}_rx_{q}")
                      for q in ("free", "active")}
            total = sum(map(len, places.values()))
            if total != 512:
                yield f"{client}: {total} of 512 receive buffers in queues"
            yield from self.unique(client + " receive", places)

    def transmit(self, stats):
        virt = stats["net_virt_tx"]
        total = virt["with_driver"]
        for client in self.clients:
            places = {q: self.system.queue(f"net_{client}_tx_{q}")
                      for q in ("free", "active")}
            total += sum(map(len, places.values()))
            yield from self.unique(client + " transmit", places)
        if total != virt["buffers"]:
            yield (f"transmit: {virt['buffers']} buffers, {total} found, "
                   f"{virt['with_driver']} of them with the driver")

    @staticmethod
    def unique(what, places):
        seen = [slot[0] for slots in places.values() for slot in slots]
        if len(seen) != len(set(seen)):
            yield f"{what}: a buffer is in two places"
