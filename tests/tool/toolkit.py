# SPDX-License-Identifier: BSD-2-Clause
"""An SDK made for tests of the tool's front half: board, drivers, and the
tool under sanitizers, but no kernel and no programs."""

import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
BOARD = os.environ.get("BOARD", "qemu_virt_aarch64")
CONFIG = "debug"
HOST = pathlib.Path(os.environ.get("O", TOP / "build")) / "host"


class Sdk:
    """A directory with `sdk` (the SDK) and `files` (on the search path)."""

    def __init__(self, directory, tool="microkit_checked"):
        self.directory = directory
        self.tool = HOST / tool
        self.root = directory / "sdk"
        self.board = self.root / "board" / BOARD
        self.files = directory / "files"
        (self.board / CONFIG).mkdir(parents=True)
        self.files.mkdir()
        source = TOP / "boards" / BOARD
        shutil.copy(source / "board.xml", self.board)
        subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o",
                        self.board / "board.dtb", source / "board.dts"],
                       check=True)
        for file in (TOP / "sddf" / "drivers").glob("*/*/driver.xml"):
            target = self.root / file.relative_to(TOP / "sddf")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
        (self.files / "empty.bin").write_bytes(b"")
        (self.files / "prefill.bin").write_bytes(bytes(0x1001))

    def run(self, *arguments, timeout=60):
        """Runs the tool; the result has returncode, stdout, stderr."""
        command = [self.tool, *arguments, "--board", BOARD, "--config", CONFIG,
                   "--search-path", str(self.files)]
        environment = dict(os.environ, MICROKIT_SDK=str(self.root))
        return subprocess.run(command, env=environment, capture_output=True,
                              text=True, errors="replace", cwd=self.directory,
                              timeout=timeout, check=False)
