# SPDX-License-Identifier: BSD-2-Clause
"""Disks.

    {"kind": "blk", "back_end": "file", "file": "disk.img", "read_only": false}
        a raw image beside run.json, or an absolute path; it must exist
"""

import os

import devices


class Device:
    """A disk whose content is a file."""

    KIND = "blk"

    def __init__(self, entry):
        entry.choice("back_end", ("file",))
        self.entry = entry
        self.file = entry.beside(entry.text("file"))
        self.read_only = entry.flag("read_only", False)

    def prepare(self):
        if not os.path.isfile(self.file):
            self.entry.fail(f"there is no file {self.file}", "file")

    def back_end(self, name):
        return ["-blockdev", "driver=raw,node-name=" + name
                + f",read-only={'on' if self.read_only else 'off'}"
                + ",file.driver=file,file.filename="
                + devices.quoted(self.file)]

    def properties(self, name):
        return [f"drive={name}"]
