#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# timeout: 150
"""The status page: its JSON against reality, and the page in a real browser."""

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from qemu import log_directory, note
from tap import Skipped, Tap, check, equal
from weblib import Server

PDS = {"net_copy_web", "web", "net_driver", "net_virt_rx", "net_virt_tx",
       "timer_driver", "serial_driver", "serial_virt_tx"}
STATES = {"ready", "waiting", "calling"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
    "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--hide-scrollbars"]


def counters(status, component):
    found = [c["counters"] for c in status["components"]
             if c["name"] == component]
    check(len(found) == 1, f"{component}: {len(found)} times")
    return found[0]


def test_json(tap, server):
    first = server.status()
    with tap.case("the JSON lists every protection domain, in a sane state"):
        equal({pd["name"] for pd in first["pds"]}, PDS, "names")
        for pd in first["pds"]:
            check(pd["state"] in STATES, f"{pd}")
            equal((pd["starts"], pd["faults"]), (1, 0), pd["name"])
    time.sleep(2)
    second = server.status()
    with tap.case("uptime passes as the clock on the wall"):
        passed = (second["uptime_ns"] - first["uptime_ns"]) / 1e9
        check(1.5 < passed < 6, f"2 s became {passed:.2f} s")
        ticks = (second["ticks"] - first["ticks"]) / second["tick_hz"]
        check(abs(ticks - passed) < 0.2, f"{ticks:.2f} s of ticks")
    with tap.case("requests and packets are counted"):
        before, _ = server.status(), [server.get("/") for _ in range(50)]
        after = server.status()
        equal(after["http"]["ok"] - before["http"]["ok"], 51, "requests")
        for component, name in (("net_driver", "rx_packets"),
                                ("net_driver", "tx_packets")):
            moved = (counters(after, component)[name]
                     - counters(before, component)[name])
            check(moved >= 100, f"{component}.{name} moved by {moved}")
    with tap.case("those who worked used processor time and were switched to"):
        old = {pd["name"]: pd for pd in before["pds"]}
        for pd in after["pds"]:
            if pd["name"].startswith(("web", "net_")):
                check(pd["ticks"] > old[pd["name"]]["ticks"], f"{pd}")
                check(pd["switches"] > old[pd["name"]]["switches"], f"{pd}")
        total = sum(pd["ticks"] for pd in after["pds"])
        check(total <= after["ticks"], f"{total} of {after['ticks']} ticks")
    with tap.case("the plain text has the same figures"):
        answer = server.get("/status.txt")
        equal(answer.fields["content-type"], "text/plain; charset=utf-8", "type")
        text = answer.body.decode()
        for word in ("net_driver", "rx_packets:", "web: ", "Uptime"):
            check(word in text, f"no {word} in:\n{text}")


def browser():
    for name in BROWSERS:
        if shutil.which(name):
            return name
    raise Skipped("no Chromium is installed")


def browse(server, *args):
    """Runs the browser on the page for some seconds of its time."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [browser(), *BROWSER_ARGS, f"--user-data-dir={profile}",
             "--virtual-time-budget=6000", *args, server.url("/")],
            capture_output=True, text=True, check=False, timeout=90)
    equal(done.returncode, 0, f"exit status ({done.stderr[-500:]})")
    return done.stdout


def text_of(dom, element):
    found = re.search(rf'id="{element}"[^>]*>([^<]*)<', dom)
    check(found, f"no element {element}")
    return html.unescape(found.group(1))


def test_browser(tap, server):
    with tap.case("a browser shows live values"):
        before = server.status()
        dom = browse(server, "--dump-dom")
        equal(text_of(dom, "link"), "live", "state of the link")
        check(re.fullmatch(r"\d\d:\d\d:\d\d", text_of(dom, "uptime")), "uptime")
        shown = int(text_of(dom, "requests").replace(",", ""))
        check(shown > before["http"]["requests"], f"requests: {shown}")
        check(text_of(dom, "requests-rate") != "–", "no rate")
        check(text_of(dom, "cpu").endswith("%"), "no processor share")
        for name in PDS:
            check(f"<td>{name}</td>" in dom, f"{name} is not in the table")
        check("rx packets" in dom, "no counters")
        check(re.search(r"<td>rx packets</td><td>[^<]+</td><td>[^<]+/s</td>",
                        dom), "no rate of received packets")
        check(re.search(r"<td>rx posted</td><td>[^<]+</td><td></td>", dom),
              "a rate of what is not a counter of events")
    for name, size in (("wide", "1200,1700"), ("phone", "390,2600")):
        with tap.case(f"screenshot, {name}"):
            path = os.path.join(log_directory(), f"webserver-{name}.png")
            browse(server, f"--window-size={size}", f"--screenshot={path}")
            check(os.path.getsize(path) > 20000, "an empty picture")
            note(f"screenshot: {path}")


def main():
    tap = Tap()
    with Server(log="web-page") as server:
        test_json(tap, server)
        test_browser(tap, server)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
