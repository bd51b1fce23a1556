# SPDX-License-Identifier: BSD-2-Clause
"""./pride bench: hands over to bench/run."""

import os
import sys

import tree


def cmd_bench(args):
    tree.setup(["build", "run"])
    runner = os.path.join(tree.TOP, "bench", "run")
    if not os.path.exists(runner):
        raise tree.Failure("there is no bench/run in this tree")
    os.environ["O"] = args.build_dir
    extra = ["--json", os.path.abspath(args.json)] if args.json else []
    extra += ["--update-docs"] if args.update_docs else []
    extra += ["--render"] if args.render else []
    os.execv(sys.executable,
             [sys.executable, "-B", runner, *args.groups, *extra])
