# SPDX-License-Identifier: BSD-2-Clause
"""The architecture that is measured: bench/arch/X/facts.py, X as the board says."""

import importlib.util
import os
import xml.etree.ElementTree

import qemu
import tree


def name():
    """Of the board in use."""
    path = os.path.join(tree.TOP, "boards", qemu.arguments().board,
                        "board.xml")
    return xml.etree.ElementTree.parse(path).getroot().get("arch")


def directory():
    return os.path.join(tree.TOP, "bench", "arch", name())


def _load():
    spec = importlib.util.spec_from_file_location(
        "facts", os.path.join(directory(), "facts.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


facts = _load()
