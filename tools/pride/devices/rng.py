# SPDX-License-Identifier: BSD-2-Clause
"""Sources of random numbers.

    {"kind": "rng", "back_end": "host"}
        what the host's /dev/urandom gives
"""


class Device:
    """A source that the host feeds."""

    KIND = "rng"

    def __init__(self, entry):
        entry.choice("back_end", ("host",))

    def prepare(self):
        pass

    def back_end(self, name):
        return ["-object", f"rng-random,filename=/dev/urandom,id={name}"]

    def properties(self, name):
        return [f"rng={name}"]
