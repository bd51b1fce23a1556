# SPDX-License-Identifier: BSD-2-Clause
"""Systems outside the tree, named by a path: a description NAME.system, or the
directory that holds it.  Beside it may be a build.mk, programs that are built
already, and a run.json; docs/manual.md, "A system outside the tree"."""

import os
import re

from failure import Failure

SUFFIX = ".system"
# What make takes in a file name.
NAME = re.compile(r"[\w/.+@-]+")


def is_path(word):
    """Is the word a path, whatever there is, and no name?"""
    return os.sep in word or word.endswith(SUFFIX)


def description(path):
    """The description that a path means."""
    if os.path.isdir(path):
        found = sorted(name for name in os.listdir(path)
                       if name.endswith(SUFFIX))
        if not found:
            raise Failure(f"{path}: there is no *{SUFFIX} file here")
        if len(found) > 1:
            raise Failure(f"{path}: name one of them: " + " ".join(found))
        path = os.path.join(path, found[0])
    elif not os.path.exists(path):
        raise Failure(f"{path}: there is no such file or directory")
    elif not path.endswith(SUFFIX):
        raise Failure(f"{path}: not a *{SUFFIX} file")
    return os.path.realpath(path)


def check(path):
    """Refuses what make would take apart."""
    if not NAME.fullmatch(path):
        raise Failure(f"{path}: make cannot work with this path; use letters, "
                      "digits and . + @ - _ only")
