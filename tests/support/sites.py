# SPDX-License-Identifier: Apache-2.0
"""Sites that many tests begin with alike are made once, and copied.

Making a site, and loading its rules at the first start, takes ten times what a start takes that
finds them loaded. So the first test has a site that nobody has served; the next one with the same
files is started, ended and kept; from then on there are copies of that. What a first start does is
for tests that ask for a fresh site.
"""
import hashlib
import os
import shutil
import tempfile


class Sites:
    """with Sites() as sites: sites.make(server, "--demo"); change files; sites.load(server)"""

    def __init__(self):
        self.folder = None
        self.made = {}    # options of init: a folder
        self.loaded = {}  # digest of a site's files: None after the first one, then a folder

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="sgn-sites-")
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep(self, site):
        copy = os.path.join(self.folder, str(len(os.listdir(self.folder))))
        shutil.copytree(site, copy, symlinks=True)
        return copy

    def make(self, server, *options):
        """As server.init(), of which the first of these options is one."""
        if options in self.made:
            shutil.copytree(self.made[options], server.site, symlinks=True)
        else:
            server.init(*options)
            self.made[options] = self.keep(server.site)

    def load(self, server):
        """Call it before a start that is like any other."""
        name = digest(server)
        if name not in self.loaded:
            self.loaded[name] = None
            return
        if self.loaded[name] is None:
            server.start()
            if server.stop() != 0:
                raise RuntimeError(server.log())
            os.unlink(server.log_path)
            self.loaded[name] = self.keep(server.site)
        else:
            shutil.rmtree(server.site)
            shutil.copytree(self.loaded[name], server.site, symlinks=True)


def digest(server):
    """Of all that its start goes by: the site's files, the time, options, settings."""
    settings = sorted(item for item in os.environ.items() if item[0].startswith("SIGNOFF_"))
    sum_of = hashlib.sha256(repr((server.clock, server.arguments, settings)).encode())
    for folder, names, files in sorted(os.walk(server.site)):
        names.sort()
        for name in sorted(files):
            path = os.path.join(folder, name)
            sum_of.update(os.path.relpath(path, server.site).encode() + b"\0")
            with open(path, "rb") as file:
                sum_of.update(hashlib.sha256(file.read()).digest())
    return sum_of.hexdigest()
