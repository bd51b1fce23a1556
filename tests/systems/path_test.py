#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""./pride with the path of a system outside the tree."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import qemu
import tap

TOP = pathlib.Path(__file__).resolve().parents[2]
GREETER = """\
#include <microkit.h>
#include <sddf/serial/config.h>
#include "words.h"

__attribute__((section(".serial_client_config"))) serial_client_config_t config;

void init(void)
{
    if (serial_config_check_magic(&config)) {
        microkit_dbg_puts(WORDS);
    }
}

void notified(microkit_channel ch)
{
    (void)ch;
}
"""
# With a serial subsystem, so that it needs the SDK's components.
SYSTEM = """\
<system>
    <protection_domain name="greeter" priority="1">
        <program_image path="PROGRAM"/>
    </protection_domain>
    <subsystem class="serial" device="serial0" rx="false">
        <client pd="greeter"/>
    </subsystem>
</system>
"""
PROGRAM = "outside_greeter.elf"
BUILD = f"""\
programs += {PROGRAM}
{PROGRAM}_sources := $(HERE)/greeter.c
"""
WORDS = "hello from outside"


def pride(*words, cwd=None):
    return subprocess.run([str(TOP / "pride"), *map(str, words)], text=True,
                          capture_output=True, timeout=280, check=False,
                          stdin=subprocess.DEVNULL, cwd=cwd)


def fill(directory, system="outside_app.system", build=BUILD):
    """A system with its sources."""
    directory.mkdir()
    (directory / "greeter.c").write_text(GREETER)
    (directory / "words.h").write_text(f'#define WORDS "{WORDS}\\n"\n')
    (directory / system).write_text(SYSTEM.replace("PROGRAM", PROGRAM))
    if build:
        (directory / "build.mk").write_text(build)
    return directory


def fails(message, *words, cwd=None):
    """Exit status 1 and this message."""
    done = pride(*words, cwd=cwd)
    tap.equal(done.returncode, 1, "status")
    tap.check(message in done.stderr.splitlines(),
              f"wanted: {message}\nfound: {done.stderr}")


def succeeds(*words, text="", cwd=None):
    done = pride(*words, cwd=cwd)
    tap.check(done.returncode == 0 and text in done.stdout,
              f"status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def good(cases, app):
    """Every command that takes a path."""
    until = ("--until", WORDS, "--timeout", "30")
    with cases.case("path: build says where the image is"):
        done = succeeds("build", app)
        tap.check(os.path.exists(done.stdout.strip()), done.stdout)
        tap.check(not os.path.exists(app / "loader.img"), "built beside")
    with cases.case("path: run boots it, by its directory and its file"):
        succeeds("run", app, *until, text=WORDS)
        succeeds("run", app / "outside_app.system", *until, text=WORDS)
        succeeds("run", ".", *until, text=WORDS, cwd=app)
        succeeds("run", app.name, *until, text=WORDS, cwd=app.parent)
    with cases.case("path: report, for people and machines"):
        succeeds("report", app, text="greeter")
        succeeds("report", app, "--json", text=PROGRAM)
    with cases.case("path: expand shows what a subsystem brings"):
        succeeds("expand", app, text="serial_virt_tx")
    with cases.case("path: a changed header is built again"):
        (app / "words.h").write_text('#define WORDS "changed\\n"\n')
        succeeds("run", app, "--until", "changed", "--timeout", "30",
                 text="changed")
    name = "path: gdb knows the program's lines, and the components'"
    if not shutil.which("gdb-multiarch"):
        cases.skip(name, "needs gdb-multiarch (./pride setup)")
        return
    with cases.case(name):
        succeeds("gdb", app, "--", "-batch", "-ex", "pbreak greeter init",
                 "-ex", "continue", "-ex", "bt", text="greeter.c:")
        succeeds("gdb", app, "--", "-batch", "-ex", "pd serial_driver",
                 "-ex", "info line notified", text="pl011")


def with_run_file(cases, app):
    """run.json beside it."""
    path = app / "run.json"
    with cases.case("path: run.json gives it devices"):
        path.write_text('{"devices": [{"kind": "net", "back_end": "none"}]}')
        done = succeeds("-v", "run", app, "--until", "changed", "--timeout",
                        "30")
        tap.check("virtio-net-device" in done.stderr, done.stderr)
    with cases.case("path: a bad run.json is named"):
        path.write_text("{\n]")
        fails(f"pride: {path}:2:1: not JSON: Expecting property name enclosed "
              "in double quotes", "run", app)
    path.unlink()


def as_in_the_manual(cases, directory):
    """The manual's driver, virtualiser and client, with its build.mk."""
    text = (TOP / "docs/manual.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```$", text, re.M | re.S))
    directory = directory / "manual"
    directory.mkdir()
    for name in ("build.mk", "console.system", "driver.c", "virt.c",
                 "client.c"):
        (directory / name).write_text(blocks[name])
    with cases.case("path: what the manual shows"):
        last = "[bob] line 3 of 3"
        succeeds("run", directory, "--until", last, "--timeout", "30",
                 text=last)


def prebuilt(cases, directory, app):
    """A description and programs, no build.mk."""
    made = next(pathlib.Path(qemu.OUT).glob(f"outside/**/{app.name}/**/"
                                            + PROGRAM))
    other = fill(directory / "prebuilt", "outside_ready.system", build=None)
    with cases.case("path: a program that is nowhere"):
        done = pride("build", other)
        tap.equal(done.returncode, 1, "status")
        tap.check(f"unable to find program image: '{PROGRAM}': {other}"
                  "/outside_ready.system:2:5" in done.stderr, done.stderr)
    with cases.case("path: programs beside it, no build.mk"):
        shutil.copy(made, other / PROGRAM)
        succeeds("run", other, "--until", "changed", "--timeout", "30",
                 text="changed")
    with cases.case("path: this tree's own programs are not found by chance"):
        pride("build", "hello")
        text = SYSTEM.replace("PROGRAM", "hello.elf")
        (other / "outside_ready.system").write_text(text)
        done = pride("build", other)
        tap.equal(done.returncode, 1, "status")
        tap.check("unable to find program image: 'hello.elf'" in done.stderr,
                  done.stderr)


def bad(cases, directory):
    with cases.case("path: one that does not exist"):
        fails("pride: /no/such: there is no such file or directory",
              "run", "/no/such")
    with cases.case("path: a file that is no description"):
        (directory / "notes.txt").write_text("x")
        fails(f"pride: {directory}/notes.txt: not a *.system file",
              "report", f"{directory}/notes.txt")
    with cases.case("path: a directory without a description"):
        (directory / "empty").mkdir()
        fails(f"pride: {directory}/empty: there is no *.system file here",
              "run", directory / "empty")
    with cases.case("path: a directory with two descriptions"):
        two = fill(directory / "two")
        (two / "b.system").write_text("<system/>")
        fails(f"pride: {two}: name one of them: b.system outside_app.system",
              "gdb", two)
    with cases.case("path: blanks, which make would take apart"):
        (directory / "a b").mkdir()
        (directory / "a b" / "x.system").write_text("<system/>")
        fails(f"pride: {directory}/a b/x.system: make cannot work with this "
              "path; use letters, digits and . + @ - _ only",
              "build", directory / "a b")
    for name, system, build, twice in (
            ("a program's name", "outside_app.system", "programs += hello.elf\n",
             "hello.elf"),
            ("its own name", "webserver.system", BUILD, "webserver"),
            ("a system's name in build.mk", "outside_app.system",
             "systems += echo\necho_system := $(HERE)/outside_app.system\n",
             "echo")):
        with cases.case(f"path: {name} that the tree has, too"):
            app = fill(directory / f"collide_{twice}", system, build)
            fails(f"pride: {app}: other names are needed for what this tree "
                  f"has too: {twice}", "build", app)
    with cases.case("path: a build.mk that drops our programs"):
        app = fill(directory / "drop", build="programs := outside_x.elf\n")
        fails(f"pride: {app}/build.mk: a list is set by \":=\", which drops "
              "what this tree has; use \"+=\"", "build", app)
    with cases.case("path: a build.mk that make cannot read"):
        app = fill(directory / "syntax", build="programs\n")
        fails(f"pride: {app}/build.mk:1: *** missing separator.  Stop.",
              "build", app)
    with cases.case("path: a program that does not compile"):
        app = fill(directory / "wrong")
        (app / "greeter.c").write_text("nonsense\n")
        done = pride("build", app)
        tap.equal(done.returncode, 1, "status")
        tap.check(f"{app}/greeter.c:1:1: error:" in done.stderr, done.stderr)


def main():
    cases = tap.Tap()
    os.environ["O"] = qemu.OUT
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(os.path.realpath(name))
        app = fill(directory / "app")
        good(cases, app)
        with_run_file(cases, app)
        prebuilt(cases, directory, app)
        as_in_the_manual(cases, directory)
        bad(cases, directory)
    shutil.rmtree(os.path.join(qemu.OUT, "outside" + str(directory)),
                  ignore_errors=True)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
