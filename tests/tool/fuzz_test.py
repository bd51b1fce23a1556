#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Damaged descriptions, boards, drivers and device trees: the tool says what
is wrong and ends with status 1, or accepts with 0; it never crashes, hangs or
trips a sanitizer.  Seeds are fixed; `fuzz_test.py N` tries N times as many.
"""

import pathlib
import random
import sys
import tempfile

import rules_test
import toolkit
from tap import Tap, check

ROUNDS = 120
WORDS = [b"<", b">", b'"', b"/", b"&", b"0", b"-1", b"0x", b"_", b"\0",
         b"\xff\xfe", b"true", b"18446744073709551615", b"<system>",
         b'id="63"', b'phys_addr="0x40000000"', b"<!--", b"]]>", b"&#0;",
         b'vaddr="0xfffffffffffff000"', b'size="0xfffffffffffff000"']


def mutate(rng, data):
    """One to six small damages."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.randint(1, 40))
        kind = rng.randrange(5)
        if kind == 0:
            data[at:at] = rng.choice(WORDS)
        elif kind == 1:
            del data[at:end]
        elif kind == 2 and at < len(data):
            data[at] = rng.randrange(256)
        elif kind == 3:
            data[at:at] = data[at:end]
        elif at + 4 <= len(data):
            data[at:at + 4] = rng.choice(
                [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff",
                 b"\0\0\0\x01"])
    return bytes(data)


def swap_attributes(rng, data):
    """Gives one attribute the value of another: well-formed, but odd."""
    parts = data.split(b'"')
    odd = range(1, len(parts) - 1, 2)
    if len(odd) >= 2:
        first, second = rng.sample(odd, 2)
        parts[first] = parts[second]
    return b'"'.join(parts)


def run(sdk, target, data, system):
    """Replaces one file by `data`, runs the tool, and puts it back."""
    saved = target.read_bytes()
    target.write_bytes(data)
    try:
        result = sdk.run(str(system), "--check", timeout=20)
    finally:
        target.write_bytes(saved)
    check(result.returncode in (0, 1) and "Sanitizer" not in result.stderr and
          "runtime error" not in result.stderr,
          f"status {result.returncode}\n{result.stderr}\n{data!r}")
    check(result.returncode == 0 or "Error: " in result.stderr,
          "no message")


def main():
    tap = Tap()
    rounds = ROUNDS * (int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    good = [body.encode() for _, body, wanted in rules_test.cases()
            if wanted == "ok"]
    with tempfile.TemporaryDirectory() as name:
        sdk = toolkit.Sdk(pathlib.Path(name))
        system = sdk.directory / "fuzz.system"
        full = max((b for b in good if b"subsystem" in b), key=len)
        system.write_bytes(full)
        drivers = sdk.root / "drivers"
        targets = [("description", system, good, rounds * 2),
                   ("board", sdk.board / "board.xml", None, rounds // 2),
                   ("device tree", sdk.board / "board.dtb", None, rounds),
                   ("driver", drivers / "network/virtio/driver.xml", None,
                    rounds // 2)]
        for what, target, seeds, count in targets:
            rng = random.Random(f"pride {what}")
            seeds = seeds or [target.read_bytes()]
            with tap.case(f"fuzz: {count} times a damaged {what}"):
                for _ in range(count):
                    data = rng.choice(seeds)
                    if what != "device tree" and rng.random() < 0.3:
                        data = swap_attributes(rng, data)
                    else:
                        data = mutate(rng, data)
                    run(sdk, target, data, system)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
