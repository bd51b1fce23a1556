#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The pride command as a user meets it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import qemu
import tap

PORT = 8080  # of the web server, as its run.json says


def pride(*words, timeout=120, stdin=subprocess.DEVNULL):
    return subprocess.run(["./pride", *words], text=True, capture_output=True,
                          timeout=timeout, check=False, stdin=stdin)


def listing(cases):
    with cases.case("list names the systems, hello first"):
        done = pride("list")
        tap.equal(done.returncode, 0, "status")
        names = [line.split()[0] for line in done.stdout.splitlines()]
        tap.equal(names[0], "hello")
        tap.check("webserver" in names or len(names) > 3, names)
    with cases.case("help names every command"):
        text = pride("help").stdout
        for word in ("setup", "list", "build", "run", "test", "bench", "sdk",
                     "gdb", "report", "expand", "clean"):
            tap.check(f"\n    {word} " in text, word)
        tap.equal(pride("help", "run").stdout, pride("run", "--help").stdout)
        tap.check("unknown command 'nonsense'; there are: setup"
                  in pride("help", "nonsense").stderr, "nonsense")
    with cases.case("a link to the command will do"), \
            tempfile.TemporaryDirectory() as directory:
        link = os.path.join(directory, "pride")
        os.symlink(os.path.abspath("pride"), link)
        done = subprocess.run([link, "list"], text=True, capture_output=True,
                              check=False, cwd=directory)
        tap.check(done.stdout.startswith("hello "), done.stderr)
    with cases.case("a tree or build directory that make cannot work with"), \
            tempfile.TemporaryDirectory() as directory:
        tree = os.path.join(directory, "my tree")
        os.mkdir(tree)
        shutil.copy("pride", tree)
        shutil.copytree("tools", os.path.join(tree, "tools"))
        for command in ([os.path.join(tree, "pride"), "list"],
                        ["./pride", "--build-dir", tree, "list"]):
            done = subprocess.run(command, text=True, capture_output=True,
                                  check=False)
            tap.equal(done.returncode, 1, "status")
            tap.check(f"pride: {tree}: make cannot work with this path"
                      in done.stderr, done.stderr)
    with cases.case("a build directory that cannot be written"):
        done = pride("--build-dir", "README.md", "sdk")
        tap.equal(done.returncode, 1, "status")
        tap.check("README.md: cannot be written: File exists; --build-dir"
                  in done.stderr, done.stderr)
    with cases.case("set-up with nothing to do is quick"):
        tap.equal(pride("setup", timeout=300).returncode, 0, "status")
        begin = time.monotonic()
        tap.equal(pride("setup").returncode, 0, "status")
        seconds = time.monotonic() - begin
        tap.check(seconds < 1.0, f"{seconds:.2f} s")


def running(cases):
    with cases.case("run --until text that comes: status 0, text shown"):
        done = pride("run", "hello", "--until", "hello, world",
                     "--timeout", "20")
        tap.equal(done.returncode, 0, "status")
        tap.check("hello, world" in done.stdout, done.stdout)
    with cases.case("run --until text that does not come: status 1"):
        done = pride("run", "hello", "--until", "no such text",
                     "--timeout", "2")
        tap.equal(done.returncode, 1, "status")
        tap.check("did not show" in done.stderr, done.stderr)
    with cases.case("run --icount counts"):
        done = pride("run", "hello", "--icount", "--until", "hello, world",
                     "--timeout", "20")
        tap.equal(done.returncode, 0, "status")
    with cases.case("run of an unknown system names those that exist"):
        done = pride("run", "nonsense")
        tap.equal(done.returncode, 1, "status")
        tap.check("unknown system 'nonsense'" in done.stderr
                  and "hello" in done.stderr, done.stderr)
    with cases.case("an unknown board is named"):
        done = pride("--board", "nonsense", "run", "hello")
        tap.equal(done.returncode, 1, "status")
        tap.check("qemu_virt_aarch64" in done.stderr, done.stderr)
    with cases.case("run says that release has no debug console"):
        done = pride("--config", "release", "run", "hello", "--timeout", "1")
        tap.equal(done.returncode, 0, "status")
        tap.check("release has no debug console" in done.stderr, done.stderr)
    with cases.case("run says which port it uses when the usual one is taken"):
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                taken.bind(("127.0.0.1", PORT))
                taken.listen()
            except OSError:
                pass  # somebody else has it: that will do
            done = pride("run", "webserver", "--timeout", "1", timeout=300)
        found = re.search(rf"port {PORT} is in use, using (\d+)", done.stderr)
        tap.check(found, done.stderr)
        tap.check(f"localhost:{found.group(1)}/" in done.stderr, done.stderr)
    with cases.case("a port that cannot be is reported"):
        for word in ("65536", "-1", "http"):
            done = pride("run", "webserver", f"--port={word}")
            tap.equal(done.returncode, 2, "status")
            tap.check(f"'{word}' is no port, 0 to 65535" in done.stderr,
                      done.stderr)
    with cases.case("a bad argument of QEMU is reported"):
        done = pride("run", "hello", "--timeout", "5",
                     "--qemu-arg=-nonsense")
        tap.equal(done.returncode, 1, "status")
        tap.check("-nonsense" in done.stderr, done.stderr)


def looking(cases):
    with cases.case("report shows the protection domains"):
        done = pride("report", "hello")
        tap.equal(done.returncode, 0, "status")
        tap.check("monitor" in done.stdout and "hello" in done.stdout,
                  done.stdout)
    with cases.case("expand of an unknown system names those that exist"):
        done = pride("expand", "nonsense")
        tap.equal(done.returncode, 1, "status")
        tap.check("unknown system 'nonsense'" in done.stderr
                  and "hello" in done.stderr, done.stderr)
    with cases.case("expand finds files that a system's build makes"):
        done = pride("expand", "webserver")
        tap.equal(done.returncode, 0, done.stderr)
        tap.check("prefill_path" in done.stdout, done.stdout)
        tap.equal(pride("expand", "systems/webserver/webserver.system").stdout,
                  done.stdout, "by its path")
    with cases.case("expand says nothing when nobody reads on"):
        tap.equal(pride("expand", "serial").returncode, 0, "status")
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(["./pride", "expand", "serial"], stdout=write,
                              stderr=subprocess.PIPE, timeout=120, text=True,
                              check=False)
        os.close(write)
        tap.equal(qemu.without_waiting(done.stderr), "", "errors")
    name = "gdb stops a domain by name, and the kernel"
    if not shutil.which("gdb-multiarch"):
        cases.skip(name, "needs gdb-multiarch (./pride setup)")
        return
    with cases.case(name):
        done = pride("gdb", "hello", "--", "-batch", "-ex",
                     "pbreak hello init", "-ex", "continue", "-ex", "pds",
                     "-ex", "hbreak kernel_syscall", "-ex", "continue")
        for text in ("init () at systems/01-hello/hello.c",
                     "*   1 hello", "kernel_syscall (context="):
            tap.check(text in done.stdout, done.stdout + done.stderr)


def main():
    cases = tap.Tap()
    os.environ["O"] = qemu.OUT
    listing(cases)
    running(cases)
    looking(cases)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
