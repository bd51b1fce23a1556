# SPDX-License-Identifier: BSD-2-Clause
"""Words that we dropped, and the field's word for each.

One concept has one name, in code, documents and messages.  A line of the list is
a pattern, what to write instead, and the top directories where the word means
something else and stays.
"""

import re

import source

# pattern (case does not matter), the word to use, directories left out
DROPPED = (
    (r"\bkernel calls?\b", "system call", ()),
    (r"ABI_CALL_(?!ER)\w+|\bkernel_call\b", "ABI_SYS_..., kernel_syscall", ()),
    (r"\bprotected calls?\b", "protected procedure call", ()),
    (r"\b(short|long) ways?\b", "fast path, slow path", ()),
    (r"_(quickly|slowly|alike)\b", "fast path, slow path", ()),
    (r"\bepitaphs?\b", "kernel panic message", ()),
    (r"\bseams?\b", "architecture interface", ()),
    (r"\bwards?\b", "faulted child", ()),
    (r"\brooms\b|\broom's\b", "directories", ()),
    (r"\bfolders?\b", "directory", ()),
    (r"\b(more|most|less|least) urgent\b|\burgency\b",
     "higher priority, next priority", ()),
    (r"\bpretend(ed)?\b", "fake", ()),
    (r"\bnotif\w+ quietly\b|\bnotifies_quietly\b", "lazy notification", ()),
)

_COMPILED = [(re.compile(p, re.I), word, out) for p, word, out in DROPPED]

# This list itself, and the record of what was renamed.
_SELF = ("tools/check/words.py", "CHANGES.md")


def in_text(content, top=""):
    """(line number, what was found, what to write) of every dropped word."""
    for number, line in enumerate(content.splitlines(), 1):
        for pattern, word, out in _COMPILED:
            found = pattern.search(line)
            if found and top not in out:
                yield number, found.group(0), word


def check():
    """Complaints about every tracked file."""
    for name in source.tracked():
        content = source.text(name)
        if content is None or name.startswith(_SELF):
            continue
        top = name.split("/")[0]
        for number, found, word in in_text(content, top):
            yield f"{name}:{number}: '{found}': write '{word}'"
