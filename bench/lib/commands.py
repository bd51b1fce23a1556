# SPDX-License-Identifier: BSD-2-Clause
"""What exactly was run for each row: its commands, with placeholders.

A group calls note() while its machine runs; the results have all of it.
BUILD stands for the build directory, other words in capitals for what is chosen
at each run: ports, temporary files, the name of a namespace.
"""

import os
import re
import shlex

import qemu

BY_ITSELF = "none: the guest measures itself and prints BENCH lines"
ECHO = ("Host.udp_echo (tests/lib/rawnet.py): N UDP datagrams in flight from "
        "port 4000 to 1235, another for each echo, every byte compared; rows "
        "bN: batches of N (lib/batches.py)")
QUIET = "Host (tests/lib/rawnet.py): answers ARP and DHCP, sends nothing else"

PLACEHOLDERS = (
    (r"out=/\S*?pride-plugin-\w+", "out=FIGURES"),
    (r"unix:/\S*?/qmp", "unix:CONTROL"),
    (r"127\.0\.0\.1:\d+,localaddr=127\.0\.0\.1:\d+",
     "127.0.0.1:GENERATOR,localaddr=127.0.0.1:GUEST"),
    (r"\bpride-\d+\b", "NAMESPACE"),
)

_noted = {}


def readable(command):
    """A command line as it can be read, and typed, anywhere."""
    top = os.path.abspath(qemu.OUT)
    text = shlex.join(word.replace(top, "BUILD") for word in command)
    for pattern, word in PLACEHOLDERS:
        text = re.sub(pattern, word, text)
    return text.replace(os.path.dirname(top) + "/", "")


def note_text(group, rows, text, generator):
    """These rows of a group come from this command."""
    for row in rows:
        _noted.setdefault(group, {})[row] = {
            "command": text, "generator": generator}


def note(group, rows, machine, generator):
    """These rows of a group come from this machine; after it has started."""
    note_text(group, rows, readable(machine.command), generator)


def noted(group):
    """{row: {"command", "generator"}} of a group so far."""
    return dict(_noted.get(group, {}))
