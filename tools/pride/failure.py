# SPDX-License-Identifier: BSD-2-Clause
"""What the user is told apart from the output proper."""

import sys


class Failure(Exception):
    """An error that is the user's to hear about, in one or a few lines."""


def say(text):
    """Tells what is going on."""
    print(f"pride: {text}", file=sys.stderr, flush=True)
