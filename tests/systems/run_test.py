#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""./pride run on a terminal: how far the build is, where the system is found,
and that nothing is left behind."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

import ptyrun
import qemu
import tap

TOP = pathlib.Path(__file__).resolve().parents[2]
CODE = """\
#include <microkit.h>

void init(void)
{
    microkit_dbg_puts("first\\nsecond");
}

void notified(microkit_channel ch)
{
    (void)ch;
}
"""
SYSTEM = """\
<system>
    <protection_domain name="talker" priority="1">
        <program_image path="outside_talker.elf"/>
    </protection_domain>
</system>
"""
BUILD = """\
programs += outside_talker.elf
outside_talker.elf_sources := $(HERE)/talker.c
"""
PORT = {"host": 40507, "guest": 7, "what": "seventh"}


def fill(directory, ready=None, ports=()):
    (directory / "talker.c").write_text(CODE)
    (directory / "outside_talk.system").write_text(SYSTEM)
    (directory / "build.mk").write_text(BUILD)
    value = {"devices": [{"kind": "net", "back_end": "user",
                          "ports": list(ports)}]}
    if ready:
        value["ready"] = ready
    (directory / "run.json").write_text(json.dumps(value))


def pride(*words):
    return ptyrun.Session([str(TOP / "pride"), *map(str, words)], cwd=TOP)


def machines(directory):
    """QEMUs with an image of this test's: process ids."""
    wanted = f"systems/{os.environ.get('BOARD', 'qemu_virt_aarch64')}/debug/" \
        "outside_talk/loader.img"
    found = []
    for entry in os.listdir("/proc"):
        try:
            words = pathlib.Path("/proc", entry, "cmdline").read_bytes()
            parent = pathlib.Path("/proc", entry, "cwd").resolve()
        except OSError:
            continue
        if entry.isdigit() and wanted.encode() in words \
                and parent == directory:
            found.append(int(entry))
    return found


def progress(cases, directory):
    fill(directory)
    with cases.case("a terminal: the build counts its steps, to the last"):
        with pride("build", directory) as session:
            tap.equal(session.wait(200), 0, session.text)
        found = re.findall(r"building, (\d+) of (\d+)", session.text)
        total = int(found[0][1])
        tap.check(total >= 3, found)
        tap.equal(found, [(str(i), str(total)) for i in range(total + 1)],
                  "steps")
        tap.check("  CC" not in session.text, session.text)
    with cases.case("nothing to build: nothing is said"):
        with pride("build", directory) as session:
            tap.equal(session.wait(60), 0, session.text)
        tap.check("building" not in session.text, session.text)
    with cases.case("a pipe: one line says how much there is"):
        (directory / "talker.c").write_text(CODE + "\n")
        done = subprocess.run([str(TOP / "pride"), "build", str(directory)],
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=200, check=False)
        tap.equal(qemu.without_waiting(done.stderr),
                  "pride: building, 3 steps\n", "stderr")
    with cases.case("a terminal: an error has lines of its own"):
        (directory / "talker.c").write_text("nonsense\n")
        with pride("build", directory) as session:
            tap.equal(session.wait(100), 1, session.text)
        shown = re.sub(r"\x1b\[[0-9;]*m", "", session.text)
        tap.check(re.search(r"\r\x1b\[K[^\r\n]*talker.c:1:1: error:", shown),
                  shown)
    (directory / "talker.c").write_text(CODE)


def serving(cases):
    with cases.case("the page's address comes last, and answers at once"):
        with pride("run", "webserver", "--port", "0") as session:
            session.expect("web: serving", 240)
            session.expect("http://localhost:", 10)
            session.read(0.5)
            url = re.search(r"http://localhost:\d+/", session.text).group(0)
            with urllib.request.urlopen(url, timeout=5) as answer:
                tap.equal(answer.status, 200, "status")
            # the guest's own CR, and the terminal's
            lines = re.sub(r"\r+\n", "\n", session.text).splitlines()
        tap.equal(lines[-1], f"pride: status page: {url}", "last line")
        tap.equal(lines[-2], "pride: 10.0.2.15 can be reached inside QEMU "
                  "only; from this computer, use", "line before")
        tap.check(lines[-3].startswith("web: serving http://10.0.2.15/"),
                  lines[-3])
        tap.check(not any("localhost" in line for line in lines[:-1]), lines)


def ready(cases, directory):
    with cases.case("without a text to wait for, ports are told at the start"):
        fill(directory, ports=[PORT])
        with pride("run", directory) as session:
            text = session.expect("second", 200)
        tap.check("seventh" in text.split("LDR|INFO")[0], text)
    with cases.case("a text without a line's end: told after a pause"):
        fill(directory, ["first", "second"], [PORT])
        with pride("run", directory) as session:
            session.expect("seventh", 60)
        tap.check(re.search(r"second\r+\npride: tcp localhost:\d+  seventh",
                            session.text), session.text)
    with cases.case("a text that does not come: no port is told"):
        fill(directory, "third", [PORT])
        with pride("run", directory, "--timeout", "3") as session:
            tap.equal(session.wait(60), 0, session.text)
        tap.check("seventh" not in session.text, session.text)
    with cases.case("more --port than there are ports"):
        done = subprocess.run(
            [str(TOP / "pride"), "run", str(directory), "--port", "0",
             "--port", "0"], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=60, check=False)
        tap.equal(done.returncode, 1, "status")
        tap.equal(done.stderr.splitlines()[-1], "pride: outside_talk has 1 "
                  "port to forward, not 2", "message")


def gone(directory):
    """QEMU is gone, soon."""
    deadline = time.monotonic() + 5
    while machines(directory) and time.monotonic() < deadline:
        time.sleep(0.05)
    tap.equal(machines(directory), [], "left behind")


def endings(cases, directory):
    fill(directory)

    def start():
        session = ptyrun.Session([str(TOP / "pride"), "run", "."],
                                 cwd=directory)
        session.expect("second", 60)
        tap.equal(len(machines(directory)), 1, "machines")
        return session

    for number, status in ((signal.SIGTERM, 143), (signal.SIGHUP, 129),
                           (signal.SIGINT, 130)):
        with cases.case(f"{number.name}: status {status}, no QEMU left"):
            with start() as session:
                session.kill(number)
                tap.equal(session.wait(5), status, "status")
                gone(directory)
    with cases.case("the terminal is closed: no QEMU left"):
        with start() as session:
            session.close()
            tap.check(session.wait(5) is not None, "goes on")
            gone(directory)
    with cases.case("ctrl-a x ends it with status 0"):
        with start() as session:
            session.type("\x01x")
            tap.equal(session.wait(5), 0, session.text)
            gone(directory)
    with cases.case("QEMU killed: said so, and a status"):
        with start() as session:
            os.kill(machines(directory)[0], signal.SIGKILL)
            tap.equal(session.wait(5), 137, "status")
        tap.check("QEMU ended with status -9" in session.text, session.text)
    with cases.case("a reader that goes away: no QEMU left"):
        with subprocess.Popen([str(TOP / "pride"), "run", "."], cwd=directory,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as process:
            process.stdout.readline()
            process.stdout.close()
            tap.equal(process.wait(10), 1, "status")
            gone(directory)


def main():
    cases = tap.Tap()
    os.environ["O"] = qemu.OUT
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(os.path.realpath(name))
        progress(cases, directory)
        serving(cases)
        ready(cases, directory)
        endings(cases, directory)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
