#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The tests' own tools notice what they are there to notice."""

import contextlib
import importlib.machinery
import importlib.util
import io
import os
import pathlib
import sys
import tempfile
import threading
import types

sys.path.insert(0, os.path.join("tools", "check"))

import budgets  # noqa: E402
import expect  # noqa: E402
import files  # noqa: E402
import frames  # noqa: E402
import includes  # noqa: E402
import source  # noqa: E402
import tap  # noqa: E402
import words  # noqa: E402


def load_runner():
    loader = importlib.machinery.SourceFileLoader("runner", "tests/run")
    spec = importlib.util.spec_from_loader("runner", loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules["runner"] = module
    loader.exec_module(module)
    return module


def outcome(runner, output, status=0, timed_out=False, planned=0):
    """(passed, failed, skipped) the runner reads from a program's output."""
    test = runner.Test("unit", "x", [], cases=planned)
    test.output = output
    runner.read_tap(test, status, timed_out)
    return test.passed, len(test.failed), len(test.skipped)


def runner_cases(cases):
    runner = load_runner()
    for name, output, status, late, wanted in (
            ("all is well", "ok 1 - a\nok 2 - b\n1..2\n", 0, False, (2, 0, 0)),
            ("a case fails", "ok 1 - a\nnot ok 2 - b\n1..2\n", 1, False,
             (1, 1, 0)),
            ("a case is skipped", "ok 1 - a # SKIP no tap\n1..1\n", 0, False,
             (0, 0, 1)),
            ("a case is missing", "ok 1 - a\n1..2\n", 0, False, (1, 1, 0)),
            ("no plan", "ok 1 - a\n", 0, False, (1, 1, 0)),
            ("nothing at all", "", 0, False, (0, 1, 0)),
            ("a crash after the plan", "1..1\nok 1 - a\n", -11, False,
             (1, 1, 0)),
            ("a time limit", "ok 1 - a\n1..1\n", -15, True, (1, 1, 0)),
            ("giving up", "1..1\nok 1 - a\nBail out! no\n", 0, False,
             (1, 1, 0))):
        found = outcome(runner, output, status, late)
        cases.ok(found == wanted, f"runner: {name}", f"{found}")
    for name, output, planned, wanted in (
            ("a program that cannot run counts its cases",
             "1..0 # SKIP no tap\n", 7, (0, 0, 7)),
            ("one that does not say how many fails",
             "1..0 # SKIP no tap\n", 0, (0, 1, 0)),
            ("no case and no reason", "1..0\n", 7, (0, 1, 0)),
            ("no case, no reason, no number", "1..0\n", 0, (0, 1, 0)),
            ("one that says it wrongly", "ok 1 - a\n1..1\n", 7, (1, 1, 0))):
        found = outcome(runner, output, planned=planned)
        cases.ok(found == wanted, f"runner: {name}", f"{found}")
    with tempfile.TemporaryDirectory() as directory:
        runner.ARGS = types.SimpleNamespace(build_dir=directory, board="none")
        runner.LOG = pathlib.Path(directory)
        tests = [runner.Test("unit", f"{n}", ["/nonexistent"])
                 for n in range(runner.WORKERS)]
        tests.append(runner.Test("unit", "last", [
            "/bin/sh", "-c", "echo 'not ok 1 - a'; echo 1..1"]))
        with contextlib.redirect_stderr(io.StringIO()):
            runner.run_all(tests)
    found = [len(test.failed) for test in tests]
    cases.ok(found == [1] * len(tests),
             "runner: programs that cannot be started fail, others go on",
             f"{found}")
    good = runner.Test("unit", "good", [], passed=1)
    bad = runner.Test("unit", "bad", [], passed=1, failed=["a"])
    for name, tests, wanted in (("all is well", [good], 0),
                                ("one failed", [good, bad], 1),
                                ("nothing ran", [], 1)):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            found = runner.summary(tests)
        cases.ok(found == wanted, f"runner: exit status if {name}",
                 out.getvalue())


class Console:
    """A machine that has shown all it will ever show."""

    ended = True
    log_path = "-"

    def __init__(self, text):
        self.text = text
        self.changed = threading.Condition()

    def lines(self):
        return self.text.split("\n")[:-1]

    def send(self, _data):
        pass


def expect_cases(cases):
    shown = "boot\n\x1b[31mhello, world\x1b[0m\nb\na\nx=12\n"
    for name, wanted, good in (
            ("lines in order", "boot\nhello\nre:x=\\d+$\n", True),
            ("a line that is missing", "boot\nhell no\n", False),
            ("lines in the wrong order", "hello\nboot\n", False),
            ("a line needed twice", "boot\nboot\n", False),
            ("any order", "boot\n%unordered 2\na\nb\nx=\n", True),
            ("any order, one missing", "%unordered 2\na\nc\n", False),
            ("a line that must not be", "boot\n%never x=\n", False)):
        problem = expect.run(Console(shown), expect.Expectation(wanted))
        cases.ok((problem == "") == good, f"expect: {name}", problem)
    for name, text in (("nothing expected", "# only this\n"),
                       ("an unknown directive", "%often x\nboot\n")):
        try:
            expect.Expectation(text)
            cases.ok(False, f"expect: {name} is refused")
        except ValueError:
            cases.ok(True, f"expect: {name} is refused")


def tap_cases(cases):
    out, log = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(log):
        inner = tap.Tap()
        with inner.case("holds"):
            tap.check(True, "")
        with inner.case("fails"):
            tap.equal(1, 2, "number")
        with inner.case("breaks"):
            raise ValueError("bad")
        with inner.case("cannot"):
            raise tap.Skipped("no tap here")
        status = inner.done()
    cases.ok(out.getvalue() == "ok 1 - holds\nnot ok 2 - fails\n"
             "not ok 3 - breaks\nok 4 - cannot # SKIP no tap here\n1..4\n"
             and status == 1, "tap: prints what happened", out.getvalue())


class Tree:
    """Pretends that the tree has just these files."""

    def __init__(self, content):
        self.content = content

    def __enter__(self):
        self.kept = source.text, source.tracked
        source.text = self.content.get
        source.tracked = lambda: sorted(self.content)

    def __exit__(self, *_):
        source.text, source.tracked = self.kept


def check_cases(cases):
    licence = "/* " + files.SPDX + " */\n/*\n * x.\n */\n"
    for name, path, code, check in (
            ("the kernel includes sddf", "kernel/core/x.c",
             '#include "sddf/x.h"\n', includes.check),
            ("the kernel includes a C library", "kernel/core/x.c",
             "#include <stdio.h>\n", includes.check),
            ("abi includes base", "abi/x.h", '#include "base/bits.h"\n',
             includes.check),
            ("a component includes the tool", "sddf/x/x.c",
             '#include "sdk/tool/class.h"\n', includes.check),
            ("a class includes the tool's inside", "sddf/x/class.c",
             '#include "sdk/tool/subsystem.h"\n', includes.check),
            ("the tool knows a class", "sdk/tool/x.c",
             "#include <sddf/network/config.h>\n", includes.check),
            ("a driver includes another", "sddf/drivers/serial/a/x.c",
             '#include "sddf/drivers/timer/arm/timer_arm.h"\n',
             includes.check),
            ("anything includes tests", "sddf/util/x.c",
             '#include "tests/x.h"\n', includes.check),
            ("a path of one machine", "base/x.c", "/* /wo" "rk/main */\n",
             files.words),
            ("a dropped word", "base/x.c", "/* its epi" "taph */\n", words.check),
            ("a dropped name", "base/x.c", "int call_quick" "ly;\n", words.check),
            ("a tab", "base/x.c", "\tint a;\n", files.whitespace),
            ("no pragma", "base/x.h", "int a;\n", files.pragma_once),
            ("a long function", "base/x.c",
             "void f(void)\n{\n" + "    f();\n" * 70 + "}\n",
             lambda: budgets.function_sizes()[1]),
            ("a bare prototype", "base/x.h", "\nint f(void);\n",
             lambda: budgets.documented()[1])):
        with Tree({path: licence + code}):
            found = list(check())
        cases.ok(found, f"check: {name} is noticed")
    with Tree({"base/x.c": "int a;\n"}):
        cases.ok(list(files.spdx()), "check: no licence is noticed")


def frame_cases(cases):
    a, b = frames.ip("10.0.2.2"), frames.ip("10.0.2.15")
    body = frames.udp(a, b, 1, 2, b"payload")
    good = frames.ether(b"\2" * 6, b"\4" * 6, 0x0800,
                        frames.ip4(a, b, frames.UDP, body))
    packet = frames.Packet(good)
    cases.ok(packet.kind == "udp" and packet.data == b"payload"
             and packet.checksum_ok and packet.header_ok,
             "frames: what is built is read back")
    bad = bytearray(good)
    bad[45] ^= 1
    cases.ok(not frames.Packet(bytes(bad)).checksum_ok,
             "frames: a flipped bit is noticed")


def main():
    cases = tap.Tap()
    runner_cases(cases)
    expect_cases(cases)
    tap_cases(cases)
    check_cases(cases)
    frame_cases(cases)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
