# SPDX-License-Identifier: BSD-2-Clause
"""The kinds of devices that a machine can have: one file here for each.

A file KIND.py has a class Device:

    KIND                          its name in run.json and board.xml
    __init__(entry)               takes its keys from a runfile.Entry
    prepare()                     before each start: what the host must have
    back_end(name)                QEMU's arguments for the host's side
    properties(name)              words behind the device's model, such as
                                  "netdev=net0"

`name` is unique in the machine: net0, net1, ...  Nothing lists the kinds: a new
file here is a new kind, on every board that has slots for it (board.xml).
"""

import importlib
import pkgutil


def kinds():
    """Name -> class."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        device = importlib.import_module(f"{__name__}.{module.name}").Device
        found[device.KIND] = device
    return found


def make(entry):
    """The device of an entry of run.json's "devices"."""
    known = kinds()
    device = known[entry.choice("kind", known)](entry)
    entry.done()
    return device


def quoted(text):
    """A value in a comma-separated option of QEMU."""
    return text.replace(",", ",,")
