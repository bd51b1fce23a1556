# SPDX-License-Identifier: BSD-2-Clause
"""The files that web servers are asked for: ours and Linux's the same."""

import os
import random
import subprocess
import sys
import tempfile

import tree

SIZES = {"5k.bin": 5 << 10, "64k.bin": 64 << 10, "1m.bin": 1 << 20}
FILES = {name: random.Random(size).randbytes(size)
         for name, size in SIZES.items()}


def archive():
    """Packed for our web server."""
    with tempfile.TemporaryDirectory() as top:
        site = os.path.join(top, "site")
        os.mkdir(site)
        for name, data in FILES.items():
            with open(os.path.join(site, name), "wb") as file:
                file.write(data)
        packed = os.path.join(top, "site.bin")
        subprocess.run([sys.executable, "-B",
                        os.path.join(tree.TOP, "tools", "webpack.py"), site,
                        packed], check=True)
        with open(packed, "rb") as file:
            return file.read()
