#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""One tiny description per rule, and the exact message (rules/*.txt).

A case is `=== name`, a description, and `--- ` with what must come: `ok`,
or the first line on stderr.  FILE there stands for the description's name,
SDK for the SDK's directory; a line `REPEAT n text` is n lines, with %d
counting; PDS stands for two protection domains.  The tool runs under
sanitizers; an error must leave status 1, no output file, no sanitizer report.
"""

import pathlib
import re
import sys
import tempfile

import toolkit
from tap import Tap, check

PDS = ('<protection_domain name="low" priority="1"><program_image '
       'path="a.elf"/></protection_domain> <protection_domain name="high" '
       'priority="2"><program_image path="a.elf"/></protection_domain>')


def cases():
    """(name, description, expectation) of every case, in order."""
    for path in sorted((toolkit.HERE / "rules").glob("*.txt")):
        for part in path.read_text().split("\n=== ")[1:]:
            name, _, rest = part.partition("\n")
            body, _, wanted = rest.partition("--- ")
            yield (f"{path.stem}: {name}", expand(body),
                   wanted.strip().split("\n")[0])


def expand(body):
    """Replaces REPEAT and PDS."""
    lines = []
    for line in body.splitlines(keepends=True):
        repeat = re.match(r"REPEAT (\d+) (.*\n)", line)
        if repeat:
            lines += [repeat[2].replace("%d", str(i))
                      for i in range(int(repeat[1]))]
        else:
            lines.append(line.replace("PDS", PDS))
    return "".join(lines)


def run_case(sdk, body, wanted):
    """Runs the tool on one description."""
    file = sdk.directory / "case.system"
    file.write_text(body)
    result = sdk.run(str(file), "--check")
    wanted = wanted.replace("FILE", str(file)).replace("SDK", str(sdk.root))
    first = result.stderr.split("\n")[0]
    check("Sanitizer" not in result.stderr, result.stderr)
    if wanted == "ok":
        check(result.returncode == 0 and first == "", result.stderr)
    elif wanted.startswith("WARNING"):
        check(result.returncode == 0 and first == wanted, result.stderr)
    else:
        check(result.returncode == 1 and first == wanted,
              f"wanted: {wanted}\nfound:  {result.stderr}")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as directory:
        sdk = toolkit.Sdk(pathlib.Path(directory))
        for name, body, wanted in cases():
            with tap.case(name):
                run_case(sdk, body, wanted)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
