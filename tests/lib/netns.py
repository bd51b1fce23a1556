# SPDX-License-Identifier: BSD-2-Clause
"""A network namespace with a tap in it, where the machine allows that.

    why = netns.forbidden()
    if why: raise tap.Skipped(why)
    with netns.TapNet("10.0.2.2/24") as net:
        with Machine("echo", net=net, prefix=net.prefix):
            net.run("ping", "-c1", "10.0.2.15")

Nothing outside the namespace changes; it disappears with its last process.
"""

import os
import shutil
import subprocess


def forbidden():
    """Why a tap in a namespace cannot be had here, or an empty text."""
    if os.geteuid() != 0:
        return "needs root for a tap in a network namespace"
    if not os.path.exists("/dev/net/tun"):
        return "there is no /dev/net/tun"
    if not shutil.which("ip"):
        return "needs the program ip (package iproute2)"
    name = f"pride-probe-{os.getpid()}"
    if _ip("netns", "add", name).returncode != 0:
        return "network namespaces are forbidden here"
    try:
        if _ip("-n", name, "tuntap", "add", "dev", "tap0", "mode",
               "tap").returncode != 0:
            return "taps are forbidden here"
    finally:
        _ip("netns", "delete", name)
    return ""


def _ip(*words):
    return subprocess.run(["ip", *words], capture_output=True, text=True,
                          check=False)


class TapNet:
    """A namespace whose tap0 is the machine's network."""

    def __init__(self, address="10.0.2.2/24", offload=True):
        self.address = address
        self.offload = offload
        self.name = f"pride-{os.getpid()}"
        self.prefix = ["ip", "netns", "exec", self.name]

    def __enter__(self):
        for words in (
                ("netns", "add", self.name),
                ("-n", self.name, "link", "set", "lo", "up"),
                ("-n", self.name, "tuntap", "add", "dev", "tap0", "mode",
                 "tap"),
                ("-n", self.name, "addr", "add", self.address, "dev", "tap0"),
                ("-n", self.name, "link", "set", "tap0", "up")):
            done = _ip(*words)
            if done.returncode != 0:
                self.__exit__()
                raise RuntimeError(f"ip {' '.join(words)}: {done.stderr}")
        return self

    def __exit__(self, *_):
        _ip("netns", "delete", self.name)

    def arguments(self, board, _facts):
        """For qemu.Machine(net=..., prefix=net.prefix)."""
        words = board.net("tap,ifname=tap0,script=no,downscript=no")
        if not self.offload:
            words[-1] += ",csum=off,guest_csum=off"
        return words

    def run(self, *words, timeout=30, **more):
        """Runs a program inside; returns its CompletedProcess."""
        return subprocess.run(self.prefix + list(words), timeout=timeout,
                              capture_output=True, text=True, check=False,
                              **more)

    def popen(self, *words, **more):
        """Starts a program inside."""
        return subprocess.Popen(self.prefix + list(words), **more)
