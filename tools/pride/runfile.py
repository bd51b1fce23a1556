# SPDX-License-Identifier: BSD-2-Clause
"""run.json: what the machine of a system has, and when the system serves.

    {
        "devices": [{"kind": "net", "back_end": "user", ...}, ...],
        "ready": "text of the console"
    }

The keys of a device are its kind's: devices/KIND.py.  The file may be anybody's:
whatever is wrong with it is one tree.Failure that names the place.
"""

import json
import os
import re

import devices
import tree

REQUIRED = object()


class Entry:
    """A JSON object of the file.  Each key is asked for once, by its type; one
    that nobody asked for is an error."""

    def __init__(self, path, place, value):
        self.path = path
        self.place = place
        if not isinstance(value, dict):
            self.fail("must be an object, {...}")
        self.value = value
        self.asked = []

    def fail(self, text, key=""):
        place = ".".join(p for p in (self.place, key) if p)
        raise tree.Failure(f"{self.path}: " + (f"{place}: " if place else "")
                           + text)

    def take(self, key, types, what, default):
        """The value of a key; JSON's true is no number."""
        self.asked.append(key)
        value = self.value.get(key, default)
        if value is REQUIRED:
            self.fail(f"'{key}' is missing")
        if key in self.value and (not isinstance(value, types)
                                  or isinstance(value, bool) and bool != types):
            self.fail(f"must be {what}", key)
        return value

    def text(self, key, default=REQUIRED, pattern=None, what="a text"):
        """A text; `pattern` must match all of it, `what` says it in words."""
        value = self.take(key, str, what, default)
        if key in self.value and pattern and not re.fullmatch(pattern, value):
            self.fail(f"must be {what}", key)
        return value

    def number(self, key, low, high, default=REQUIRED):
        what = f"a number from {low} to {high}"
        value = self.take(key, int, what, default)
        if key in self.value and not low <= value <= high:
            self.fail(f"must be {what}", key)
        return value

    def flag(self, key, default):
        return self.take(key, bool, "true or false", default)

    def choice(self, key, words, default=REQUIRED):
        """One of some words."""
        value = self.take(key, str, "a text", default)
        if value not in words:
            self.fail(f"unknown {key} '{value}'; there are: "
                      + " ".join(sorted(words)))
        return value

    def entries(self, key):
        """A list of objects, as entries; empty when it is missing."""
        value = self.take(key, list, "a list, [...]", [])
        place = f"{self.place}.{key}" if self.place else key
        return [Entry(self.path, f"{place}[{i}]", v)
                for i, v in enumerate(value)]

    def texts(self, key):
        """One text or a list of texts, as a list."""
        value = self.take(key, (str, list), "a text or a list of texts", [])
        value = [value] if isinstance(value, str) else value
        if not all(isinstance(v, str) and v for v in value):
            self.fail("must be a text or a list of texts, none empty", key)
        return value

    def beside(self, name):
        """A file that is named relative to this one."""
        return os.path.join(os.path.dirname(os.path.abspath(self.path)), name)

    def done(self):
        """No more keys are known."""
        for key in self.value:
            if key not in self.asked:
                self.fail(f"unknown key '{key}'; there are: "
                          + " ".join(sorted(self.asked)))


class RunFile:
    """The checked file; without one, a machine without devices."""

    def __init__(self, path=None, value=None):
        self.path = path
        entry = Entry(path, "", {} if value is None else value)
        self.devices = [devices.make(e) for e in entry.entries("devices")]
        self.ready = entry.texts("ready")
        entry.done()

    def of_kind(self, kind):
        return [d for d in self.devices if d.KIND == kind]


def _pairs(pairs):
    """An object; JSON lets a key come twice, and Python drops the first."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key '{twice}' comes twice in one object")
    return found


def _constant(word):
    raise ValueError(f"{word} is not JSON")


def read(path):
    """The file as a RunFile; a file that does not exist asks for nothing."""
    try:
        with open(path, encoding="utf-8") as file:
            value = json.load(file, object_pairs_hook=_pairs,
                              parse_constant=_constant)
    except FileNotFoundError:
        return RunFile()
    except OSError as error:
        raise tree.Failure(f"{path}: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise tree.Failure(f"{path}:{error.lineno}:{error.colno}: "
                           f"not JSON: {error.msg}") from None
    except UnicodeDecodeError:
        raise tree.Failure(f"{path}: not JSON: not UTF-8") from None
    except RecursionError:
        raise tree.Failure(f"{path}: nested too deeply") from None
    except ValueError as error:
        raise tree.Failure(f"{path}: {error}") from None
    return RunFile(path, value)


def of(system):
    """The RunFile of a tree.System."""
    return read(os.path.join(system.directory, "run.json"))
