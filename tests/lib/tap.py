# SPDX-License-Identifier: BSD-2-Clause
"""TAP for Python tests: one `ok` line per case on stdout, nothing else there.

    tap = Tap()
    tap.ok(x == 1, "x is one", f"x={x}")
    with tap.case("it answers"):
        check(answer == b"pong", f"answer={answer}")
    tap.skip("needs a tap", "no /dev/net/tun")     # or: return tap.skip_all(why)
    sys.exit(tap.done())
"""

import contextlib
import re
import sys
import traceback


class Failed(Exception):
    """A case does not hold; the text says what was seen."""


class Skipped(Exception):
    """A case cannot run here; the text says why."""


def check(condition, text):
    """Fails the case around it when the condition does not hold."""
    if not condition:
        raise Failed(text)


def equal(found, wanted, what="value"):
    """Fails the case around it when two things differ."""
    if found != wanted:
        raise Failed(f"{what}: found {found!r}, wanted {wanted!r}")


class Tap:
    """Counts and prints the cases of one test program."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def _print(self, line):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    def ok(self, condition, name, detail=""):
        """One case; `detail` goes to stderr when it fails."""
        self.count += 1
        name = re.sub(r"#(?=\s*\d)", "no. ", name).replace(" #", " \\#").replace("\n", " ")
        if condition:
            self._print(f"ok {self.count} - {name}")
        else:
            self.failed += 1
            self._print(f"not ok {self.count} - {name}")
            if detail:
                print(f"# {name}: {detail}", file=sys.stderr, flush=True)
        return bool(condition)

    def skip(self, name, why):
        """A case that was not run, and why."""
        self.count += 1
        self._print(f"ok {self.count} - {name} # SKIP {why}")

    def skip_all(self, why):
        """None of the cases can run here; returns the exit status.  The script
        says how many there are: `# cases: N` among its first lines."""
        self._print(f"1..0 # SKIP {why}")
        return 0

    @contextlib.contextmanager
    def case(self, name):
        """The block is one case: it holds unless something is raised."""
        try:
            yield
        except Skipped as why:
            self.skip(name, str(why))
        except Failed as failure:
            self.ok(False, name, str(failure))
        except Exception:  # pylint: disable=broad-except
            self.ok(False, name, traceback.format_exc())
        else:
            self.ok(True, name)

    def done(self):
        """Prints the plan; returns the exit status."""
        self._print(f"1..{self.count}")
        return 1 if self.failed or not self.count else 0
