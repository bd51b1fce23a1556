#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Claims over the reports of our systems: who maps what, who may signal or
call whom.  A report is what the tool wrote into the image, not what the
description asked for."""

import copy
import json
import os
import pathlib
import sys

from tap import Failed, Tap, check, equal

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BOARD = os.environ.get("BOARD", "qemu_virt_aarch64")
REPORTS = pathlib.Path(os.environ.get("O", TOP / "build")) / "systems" / \
    BOARD / "debug"
# Both ends of a queue write its page; copiers and clients share buffers.
SHARED_WRITE = ("_queue", "_free", "_active")


class Report:
    """A report with the questions that claims ask."""

    def __init__(self, data):
        self.data = data
        self.pds = {pd["name"]: pd for pd in data["pds"]}
        self.regions = {r["name"]: r for r in data["regions"]}

    def users(self, region):
        """{PD: permissions} of a region."""
        found = {}
        for pd in self.data["pds"]:
            for entry in pd["maps"]:
                if entry["region"] == region:
                    found[pd["name"]] = entry["perms"]
        return found

    def writers(self, region):
        """Names of the PDs that may write a region."""
        return {pd for pd, perms in self.users(region).items() if "w" in perms}

    def with_name(self, end):
        """Regions whose names end so."""
        return [name for name in self.regions if name.endswith(end)]

    def clients(self):
        """PDs that somebody wrote: neither generated nor the monitor."""
        made = ("_driver", "_virt_rx", "_virt_tx")
        return [name for name in self.pds if name != "monitor" and
                not name.endswith(made) and "_copy_" not in name]


def devices_have_one_driver(report):
    for name, region in report.regions.items():
        if region["device"]:
            users = report.users(name)
            equal(len(users), 1, f"users of {name}: {users}")
            check(next(iter(users)).endswith("_driver"), f"{name}: {users}")


def interrupts_go_to_drivers(report):
    seen = set()
    for name, pd in report.pds.items():
        for irq in pd["irqs"]:
            check(name.endswith("_driver"), f"{name} has {irq}")
            check(irq["number"] not in seen, f"{irq} twice")
            seen.add(irq["number"])
        equal(pd["user_timer"], name == "timer_driver", f"timer of {name}")


def nothing_is_writable_and_executable(report):
    for name, pd in report.pds.items():
        for entry in pd["segments"] + pd["maps"]:
            check(not {"w", "x"} <= set(entry["perms"]), f"{name}: {entry}")


def what_a_device_wrote_stays(report):
    for name in report.with_name("_rx_dma"):
        equal(report.writers(name), set(), f"writers of {name}")
        check("net_driver" not in report.users(name), f"driver maps {name}")


def drivers_map_no_packets(report):
    for name in report.with_name("_rx_data") + report.with_name("_tx_data"):
        if name.startswith("net_"):
            check("net_driver" not in report.users(name), f"{name}")
    for name in report.with_name("_driver_rings"):
        equal(report.writers(name), {"net_driver"}, name)


def data_has_one_writer(report):
    for name in report.regions:
        limit = 1
        if name.endswith(SHARED_WRITE):
            limit = 2
        if name.startswith("net_") and name.endswith("_rx_data"):
            limit = 2
        writers = report.writers(name)
        check(len(writers) <= limit, f"{name} is written by {writers}")


def clients_share_nothing_writable(report):
    clients = set(report.clients())
    for name in report.regions:
        users = clients & set(report.users(name))
        if len(users) > 1:
            check(not report.writers(name) & clients, f"{name}: {users}")


def calls_go_upwards(report):
    for ends in report.data["channels"]:
        for caller, callee in (ends, ends[::-1]):
            if caller["pp"]:
                low = report.pds[caller["pd"]]["priority"]
                high = report.pds[callee["pd"]]["priority"]
                check(low < high, f"{caller} calls {callee}")


def memory_is_used_once(report):
    end, last = 0, "nothing"
    places = sorted(report.data["memory"], key=lambda m: int(m["base"], 16))
    for place in places:
        base = int(place["base"], 16)
        check(base >= end, f"{place} overlaps {last}")
        end, last = base + place["size"], place
    tables = {pd["vspace"] for pd in report.data["pds"]}
    equal(len(tables), len(report.data["pds"]), "page tables")


CLAIMS = (devices_have_one_driver, interrupts_go_to_drivers,
          nothing_is_writable_and_executable, what_a_device_wrote_stays,
          drivers_map_no_packets, data_has_one_writer,
          clients_share_nothing_writable, calls_go_upwards,
          memory_is_used_once)


# What somebody might change by mistake, and the claim that must notice.
MISTAKES = (
    ("net_driver_regs", "rw-", devices_have_one_driver),
    ("net_rx_dma", "rw-", what_a_device_wrote_stays),
    ("net_driver_rings", "rw-", drivers_map_no_packets),
    ("net_client1_tx_data", "rw-", clients_share_nothing_writable),
    ("serial_client1_tx_data", "rw-", data_has_one_writer),
    ("stats_net_driver", "rwx", nothing_is_writable_and_executable),
)


def claims_notice(data, region, perms, claim):
    """Gives client0 a map it must not have; the claim must fail."""
    doctored = copy.deepcopy(data)
    for pd in doctored["pds"]:
        if pd["name"] == "client0":
            pd["maps"].append({"region": region, "perms": perms})
    try:
        claim(Report(doctored))
    except Failed:
        return
    check(False, "nobody noticed")


def main():
    tap = Tap()
    count = 0
    for file in sorted(REPORTS.glob("*/report.json")):
        data = json.loads(file.read_text())
        if not data["system"].startswith("systems/"):
            continue
        report = Report(data)
        count += 1
        for claim in CLAIMS:
            words = claim.__name__.replace("_", " ")
            with tap.case(f"{file.parent.name}: {words}"):
                claim(report)
        if data["system"].endswith("echo.system"):
            for region, perms, claim in MISTAKES:
                with tap.case(f"a map of {region} would be noticed"):
                    claims_notice(data, region, perms, claim)
    tap.ok(count >= 5, "there are reports", f"{count} in {REPORTS}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
