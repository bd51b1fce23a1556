# SPDX-License-Identifier: BSD-2-Clause
"""./pride gdb: QEMU stopped at reset, gdb attached, symbols at hand."""

import os
import subprocess
import tempfile

import child
import run
import runfile
import tree


def cmd_gdb(args):
    tree.setup(["build", "run", "debug"])
    system = tree.find(args, args.system)
    facts = runfile.of(system)
    system.build(args)
    args.icount, args.port = False, []
    command = run.command_line(args, system, facts)
    script = os.path.join(tree.TOP, "tools", "pride", "gdb_pride.py")
    sdk = os.path.join(args.build_dir, "sdk", "board", args.board,
                       args.config, "elf")
    with tempfile.TemporaryDirectory() as directory:
        stub = os.path.join(directory, "gdb")
        console = os.path.join(args.build_dir, "log", "gdb-console.log")
        os.makedirs(os.path.dirname(console), exist_ok=True)
        command += ["-S", "-gdb", f"unix:{stub},server=on,wait=off",
                    "-serial", f"file:{console}", "-monitor", "none"]
        for port in run.forwarded(facts):
            tree.say(port.line())
        tree.say(f"the console goes to {console}")
        os.environ["PRIDE_BIN"] = os.pathsep.join(
            [*system.search(args), tree.binaries(args)])
        os.environ["PRIDE_REPORT"] = os.path.join(
            system.output(args), "report.json")
        with child.running(command, stdin=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL) as process:
            run.wait_for(stub, process)
            gdb = ["gdb-multiarch", "-q", os.path.join(sdk, "kernel.elf"),
                   "-ex", f"target remote {stub}", "-x", script,
                   *args.gdb_args]
            return subprocess.run(gdb, check=False).returncode
