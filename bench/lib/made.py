# SPDX-License-Identifier: BSD-2-Clause
"""Images of systems whose descriptions are written here, of programs that are
built already."""

import os
import subprocess

import qemu


def image(name, description, files=None):
    """Makes build/bench/NAME/loader.img; `files` are further ones, {name:
    content}, that the description names.  Returns the image's path."""
    args = qemu.arguments("release")
    directory = os.path.join(args.build_dir, "bench", name)
    os.makedirs(directory, exist_ok=True)
    for file_name, content in (files or {}).items():
        with open(os.path.join(directory, file_name), "wb") as file:
            file.write(content)
    path = os.path.join(directory, "bench.system")
    with open(path, "w", encoding="utf-8") as file:
        file.write(description)
    sdk = os.path.join(args.build_dir, "sdk")
    made = os.path.join(directory, "loader.img")
    with open(os.path.join(directory, "build.log"), "w",
              encoding="utf-8") as log:
        done = subprocess.run(
            [os.path.join(sdk, "bin", "microkit"), path, "--board",
             args.board, "--config", "release", "--search-path",
             os.path.join(args.build_dir, "bin", args.board, "release"),
             directory, "-o", made, "-r",
             os.path.join(directory, "report.txt")],
            check=False, stdout=log, stderr=log,
            env=dict(os.environ, MICROKIT_SDK=sdk))
    if done.returncode != 0:
        raise RuntimeError(f"{name} is not made; see {log.name}")
    return made
