# SPDX-License-Identifier: BSD-2-Clause
"""A network namespace with a tap in it, where the machine allows that.

    why = netns.forbidden()
    if why: return cases.skip_all(why)
    with netns.TapNet("10.0.2.2/24") as net:
        with Machine("echo", net=net, prefix=net.prefix):
            net.run("ping", "-c1", "10.0.2.15")

The namespace belongs to a process that sleeps, and disappears with it.  Programs
enter by nsenter(1), which changes nothing but the network: `ip netns exec` mounts
a new /sys too, which a chroot and many containers refuse.
"""

import os
import shutil
import subprocess

import qemu


def forbidden():
    """Why a tap in a namespace cannot be had here, or an empty text."""
    if os.geteuid() != 0:
        return "needs root for a tap in a network namespace"
    if not os.path.exists("/dev/net/tun"):
        return "there is no /dev/net/tun"
    for program, package in (("ip", "iproute2"), ("nsenter", "util-linux")):
        if not shutil.which(program):
            return f"needs the program {program} (package {package})"
    try:
        with TapNet():
            return ""
    except RuntimeError as failure:
        return str(failure)


class TapNet:
    """A namespace whose tap0 is the machine's network."""

    def __init__(self, address="10.0.2.2/24", offload=True):
        self.address = address
        self.offload = offload
        self.holder = None
        self.prefix = []

    def __enter__(self):
        # the holder says when it is inside, and ends with its standard input
        self.holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "echo; exec cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        if self.holder.stdout.readline() != "\n":
            why = self.holder.stderr.read().strip()
            self.__exit__()
            raise RuntimeError(f"no network namespace: {why}")
        self.prefix = ["nsenter", f"--net={self.path()}", "--"]
        for words in (
                ("link", "set", "lo", "up"),
                ("tuntap", "add", "dev", "tap0", "mode", "tap"),
                ("addr", "add", self.address, "dev", "tap0"),
                ("link", "set", "tap0", "up")):
            done = self.run("ip", *words)
            if done.returncode != 0:
                self.__exit__()
                raise RuntimeError(
                    f"ip {' '.join(words)}: {done.stderr.strip()}")
        return self

    def __exit__(self, *_):
        self.holder.stdin.close()
        self.holder.wait()
        self.holder.stdout.close()
        self.holder.stderr.close()

    def path(self):
        """The namespace as a file, for setns(2)."""
        return f"/proc/{self.holder.pid}/ns/net"

    def device(self, _facts):
        """For qemu.Machine(net=..., prefix=net.prefix)."""
        return qemu.device(kind="net", back_end="tap", interface="tap0",
                           offload=self.offload)

    def run(self, *words, timeout=30, **more):
        """Runs a program inside; returns its CompletedProcess."""
        return subprocess.run(self.prefix + list(words), timeout=timeout,
                              capture_output=True, text=True, check=False,
                              **more)

    def popen(self, *words, **more):
        """Starts a program inside."""
        return subprocess.Popen(self.prefix + list(words), **more)
