# SPDX-License-Identifier: BSD-2-Clause
"""A system in QEMU with its console in our hands.

    with Machine("echo", net=UserNet()) as m:
        m.expect("DHCP request finished", 10)
        m.send("x")
        m.expect(re.compile(r"count=(\\d+)"), 5)

Everything the console shows is also in build/log/NAME.log.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import types

import devices
import hostport
import machine
import runfile
import tree

OUT = os.environ.get("O", os.path.join(tree.TOP, "build"))


def arguments(config="debug", board=None):
    """What the functions of tools/pride want to know."""
    return types.SimpleNamespace(
        build_dir=os.path.abspath(OUT), config=config, verbose=False,
        board=board or os.environ.get("BOARD", tree.BOARD))


def build(name, config="debug"):
    """Builds a system unless it is up to date; returns its tree.System."""
    args = arguments(config)
    system = tree.find(args, name)
    with open(os.path.join(log_directory(), "make.log"), "ab") as log:
        try:
            tree.make(args, ["system-" + system.name], log, system.variables)
        except tree.Failure as failure:
            raise RuntimeError(f"system {name} ({config}) does not build; "
                               f"see {log.name}") from failure
    return system


def without_waiting(text):
    """What ./pride said, without that another test builds at the same time."""
    return re.sub(r"^pride: waiting for another build.*\n", "", text, flags=re.M)


def log_directory():
    path = os.path.join(os.path.abspath(OUT), "log")
    os.makedirs(path, exist_ok=True)
    return path


def device(**keys):
    """A device as an entry of run.json has it."""
    entry = runfile.Entry("the test's device", "", keys)
    return devices.make(entry)


class UserNet:
    """QEMU's own network: 10.0.2.0/24, DHCP, the ports of run.json.

    Of several network cards it is number `number`.
    """

    def __init__(self, number=0):
        self.number = number
        self.ports = []

    def device(self, facts):
        found = facts.of_kind("net")[self.number]
        self.ports = found.ports
        for port in self.ports:
            port.wanted = 0  # any: the usual one may be another test's
        return found

    @property
    def port(self):
        """Maps (proto, usual host port) to the host port in use."""
        return {(p.kind, p.usual): p.host for p in self.ports}


class Timeout(Exception):
    """The console did not show in time what was expected."""


class Control:
    """QEMU's control socket (QMP)."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(10)
        deadline = time.monotonic() + 10
        while self.socket.connect_ex(path) != 0:
            # QEMU has not made it yet
            if time.monotonic() > deadline:
                raise Timeout(f"no control socket {path}")
            time.sleep(0.02)
        self.file = self.socket.makefile("rw", encoding="utf-8")
        self.file.readline()
        self.execute("qmp_capabilities")

    def execute(self, word, **arguments):
        self.file.write(json.dumps({"execute": word,
                                    "arguments": arguments}) + "\n")
        self.file.flush()
        while True:
            answer = json.loads(self.file.readline())
            if "error" in answer:
                raise RuntimeError(f"{word}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def close(self):
        self.file.close()
        self.socket.close()


class Machine:
    """One run of QEMU.  `net` is one network, or a list of them: anything with
    device(facts), which returns a device of tools/pride/devices."""

    def __init__(self, name, config="debug", net=None, args=(), icount=False,
                 log=None, prefix=(), image=None):
        self.name = name
        self.config = config
        self.net = net
        self.extra = list(args)
        self.icount = icount
        self.prefix = list(prefix)
        self.image = image
        self.log_path = os.path.join(log_directory(),
                                     f"{log or name}-{config}.log")
        self.text = ""
        self.place = 0
        self.process = None
        self.changed = threading.Condition()

    def machine_command(self):
        """The machine with what it shall run; its board; its RunFile."""
        args = arguments(self.config)
        facts = runfile.RunFile()
        if self.image is None:
            system = build(self.name, self.config)
            self.image, facts = system.image(args), runfile.of(system)
        board = machine.Board(args.board)
        return board.command(self.image, self.icount), board, facts

    def devices(self, facts):
        """What run.json asks for, with our networks instead of its own."""
        nets = self.net if isinstance(self.net, list) else [self.net]
        return [net.device(facts) for net in nets if net] + \
            [d for d in facts.devices if d.KIND != "net"]

    def start(self):
        command, board, facts = self.machine_command()
        command = self.prefix + command + board.devices(self.devices(facts))
        self.scratch = tempfile.TemporaryDirectory()
        command += ["-serial", "stdio", "-monitor", "none", "-qmp",
                    f"unix:{self.scratch.name}/qmp,server=on,wait=off",
                    *self.extra]
        self.command = command
        with open(self.log_path, "w", encoding="utf-8") as log:
            log.write("# " + " ".join(command) + "\n")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        return self

    def _read(self):
        with open(self.log_path, "ab") as log:
            while True:
                data = os.read(self.process.stdout.fileno(), 65536)
                log.write(data)
                log.flush()
                with self.changed:
                    self.text += data.decode("utf-8", "replace") \
                        .replace("\r", "")
                    self.ended = not data
                    self.changed.notify_all()
                if not data:
                    return

    ended = False
    control = None
    scratch = None

    def send(self, text):
        """Types on the console."""
        data = text.encode() if isinstance(text, str) else text
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def expect(self, what, timeout=10):
        """Waits for a text or a compiled regular expression behind the last
        one expected.  Returns the match object (or the text)."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                found = self._find(what)
                if found:
                    return found
                left = deadline - time.monotonic()
                if left <= 0 or self.ended:
                    why = "QEMU ended" if self.ended else f"{timeout} s"
                    tail = self.text[self.place:][-2000:]
                    raise Timeout(f"{what!r} not seen ({why}); console "
                                  f"since the last match:\n{tail}\n"
                                  f"all of it: {self.log_path}")
                self.changed.wait(left)

    def _find(self, what):
        if isinstance(what, re.Pattern):
            match = what.search(self.text, self.place)
            if match:
                self.place = match.end()
            return match
        at = self.text.find(what, self.place)
        if at < 0:
            return None
        self.place = at + len(what)
        return what

    def lines(self):
        """The complete lines shown so far."""
        with self.changed:
            return self.text.split("\n")[:-1]

    def command_qemu(self, word, **arguments):
        """One command to QEMU's control socket; returns its answer."""
        if self.control is None:
            self.control = Control(f"{self.scratch.name}/qmp")
        return self.control.execute(word, **arguments)

    def memory(self, address, size):
        """Bytes of the machine's physical memory, now."""
        path = os.path.join(self.scratch.name, "memory")
        self.command_qemu("pmemsave", val=address, size=size, filename=path)
        with open(path, "rb") as file:
            return file.read()

    def report(self):
        """The JSON report of the image."""
        with open(os.path.join(os.path.dirname(self.image), "report.json"),
                  encoding="utf-8") as file:
            return json.load(file)

    def wait_for_end(self, timeout):
        """Waits until QEMU ends by itself; returns its exit status."""
        return self.process.wait(timeout)

    def is_alive(self):
        return self.process.poll() is None

    def stop(self):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.reader.join(5)
        self.process.stdin.close()
        self.process.stdout.close()
        if self.control:
            self.control.close()
            self.control = None
        self.scratch.cleanup()

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()


def note(text):
    """A remark for whoever reads the log of a test."""
    print(f"# {text}", file=sys.stderr, flush=True)
