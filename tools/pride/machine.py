# SPDX-License-Identifier: BSD-2-Clause
"""QEMU's command line for a board with devices.

What the board is and where devices go says board.xml; which devices there are
says run.json (runfile.py); what a kind of device needs says devices/KIND.py.
"""

import os
import xml.etree.ElementTree

import tree


class Attach:
    """An <attach> of board.xml: where devices of a kind go."""

    def __init__(self, element):
        self.kind = element.get("kind")  # None: all that have no other
        self.model = element.get("model")
        self.slots = element.get("slots").split()


class Board:
    """The <run> element of boards/NAME/board.xml."""

    def __init__(self, name):
        self.name = name
        path = os.path.join(tree.TOP, "boards", name, "board.xml")
        root = xml.etree.ElementTree.parse(path).getroot()
        run = root.find("run")
        if run is None:
            raise tree.Failure(f"{path} does not say how to run the board")
        self.program = run.get("program")
        self.load_address = root.find("image").get("base")
        self.args = [arg.text for arg in run.findall("arg")]
        self.attach = [Attach(a) for a in run.findall("attach")]

    def command(self, image, icount=False):
        """The machine with the image in memory, no devices of ours yet."""
        args = list(self.args)
        if icount:
            place = args.index("-cpu") + 1
            args[place] += ",cntfrq=1000000000"
            args += ["-icount", "shift=0"]
        return [self.program, "-nodefaults", "-no-reboot", "-display", "none",
                *args, "-device",
                f"loader,file={image},addr={self.load_address},cpu-num=0"]

    def place(self, kind):
        """The <attach> for a kind of device."""
        for kinds in ((kind,), (None,)):
            for attach in self.attach:
                if attach.kind in kinds:
                    return attach
        raise tree.Failure(f"board '{self.name}' has no place for a device of "
                           f"kind '{kind}'")

    def devices(self, devices):
        """Arguments that attach the devices, in order; prepares each."""
        args = []
        count = {}
        taken = {}
        for device in devices:
            kind = device.KIND
            name = f"{kind}{count.get(kind, 0)}"
            count[kind] = count.get(kind, 0) + 1
            attach = self.place(kind)
            slot = taken.get(attach, 0)
            taken[attach] = slot + 1
            if slot >= len(attach.slots):
                raise tree.Failure(
                    f"board '{self.name}' has no slot for {name}: there are "
                    f"{len(attach.slots)} for devices of "
                    + (f"kind '{kind}'" if attach.kind else "other kinds"))
            device.prepare()
            args += device.back_end(name)
            model = attach.model.format(kind=kind)
            args += ["-device", ",".join([model, attach.slots[slot],
                                          *device.properties(name)])]
        return args
