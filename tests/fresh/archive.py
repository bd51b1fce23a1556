# SPDX-License-Identifier: BSD-2-Clause
"""How this machine reaches Debian's packages, for installs made on it.

Nothing here knows a mirror: addresses, proxy and the like are what apt says.
A mirror that wants a password is not reached.
"""

import os
import pathlib
import re
import shutil
import subprocess

# What apt may need to reach a mirror; the rest of a machine's configuration is
# its own business.
REACHING = re.compile(r"Acquire::(https?|ftp|proxy|Check-|Retries|ForceIPv)",
                      re.I)
FILES = ("/etc/resolv.conf", "/etc/hosts")


class Failure(Exception):
    """Something that the user must hear about, in one sentence."""


def output(*words):
    done = subprocess.run(words, text=True, capture_output=True, check=False,
                          env=dict(os.environ, LC_ALL="C"))
    if done.returncode != 0:
        raise Failure(f"{words[0]} failed: {done.stderr.strip()}")
    return done.stdout


class Archive:
    """The mirrors and settings of this machine's apt."""

    def __init__(self):
        lines = output("apt-get", "indextargets", "--format",
                       "$(REPO_URI) $(RELEASE) $(COMPONENT)",
                       "Created-By: Packages")
        found = {}
        for line in lines.splitlines():
            uri, release, component = (line.split() + ["", ""])[:3]
            if component == "main":
                found.setdefault(release, uri)
        security = [r for r in found if r.endswith("-security")]
        release = [r for r in found if r + "-security" in security] \
            or [r for r in found if "-" not in r]
        if not release:
            raise Failure("apt of this machine knows no Debian mirror")
        self.main = found[release[0]]
        self.security = found[security[0]] if security else None
        self.settings = [line for line in output("apt-config", "dump")
                         .splitlines() if REACHING.match(line)]

    def environment(self):
        """Proxies for programs that do not ask apt."""
        found = {name: os.environ[name] for name in
                 ("http_proxy", "https_proxy", "no_proxy")
                 if name in os.environ}
        for line in self.settings:
            match = re.match(r'Acquire::(https?)::Proxy "(.+)";', line, re.I)
            if match and match.group(2) != "DIRECT":
                found.setdefault(match.group(1).lower() + "_proxy",
                                 match.group(2))
        return found

    def extra(self):
        """Packages without which apt could not reach the mirror."""
        https = any((uri or "").startswith("https:")
                    for uri in (self.main, self.security))
        return ["--include=ca-certificates"] if https else []

    def sources(self, codename):
        """sources.list as an installer of that release would write it."""
        lines = [f"deb {self.main} {codename} main",
                 f"deb {self.main} {codename}-updates main"]
        if self.security:
            lines.append(f"deb {self.security} {codename}-security main")
        return "\n".join(lines) + "\n"

    def configure(self, root, codename):
        """Lets the apt in `root` reach what this machine's apt reaches."""
        apt = pathlib.Path(root, "etc/apt")
        (apt / "sources.list").write_text(self.sources(codename), "utf-8")
        (apt / "apt.conf.d/90host").write_text(
            "".join(line + "\n" for line in self.settings), "utf-8")
        for path in FILES:
            if os.path.exists(path):
                shutil.copyfile(path, f"{root}{path}")
