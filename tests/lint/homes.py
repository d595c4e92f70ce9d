# SPDX-License-Identifier: Apache-2.0
"""Third-party headers stay at home, so that a library can be replaced in one place.

Tests are exempt; jansson is the value type of all layers and has no row.
"""

import re

from common import files, finish, includes, root_argument

# Header, the paths that may include it, and how many files may at most (None: any number).
HOMES = [
    (r"(lua.*|lauxlib)\.h(pp)?$", r"dsl/", None),
    (r"seccomp\.h$", r"dsl/", 1),
    (r"pcre2.*\.h$", r"dsl/", 1),
    (r"sqlite3(ext)?\.h$", r"engine/store/", 1),
    (r"libpq-fe\.h$", r"engine/store/", 1),
    (r"uv(/.*)?\.h$", r"engine/net/|engine/base/thread\.c$", None),
    (r"(libical/.*|ical.*)\.h$", r"engine/calendar/", None),
    (r"sodium(/.*)?\.h$", r"engine/base/", None),
    (r"openssl/sha\.h$", r"engine/base/", 1),
    (r"(openssl/(?!sha).*|llhttp|wslay/.*)\.h$", r"engine/net/", None),
    (r"uthash\.h$", r"engine/lane/", 1),
    (r"curl/.*\.h$", r"engine/outbox/", None),
]


def look(root):
    guests = {}  # row -> its places, in order
    looked = 0
    for path in files(root, [".c", ".h"], ["engine/", "dsl/"]):
        for number, quote, name in includes(root, path):
            looked += 1
            for row in HOMES:
                if quote == "<" and re.match(row[0], name):
                    guests.setdefault(row, []).append((path, number, name))
    findings = []
    for (_, home, most), places in guests.items():
        inside = sorted({path for path, _, _ in places if re.match(home, path)})
        for path, number, name in places:
            if path not in inside:
                findings.append(f"{path}:{number}: <{name}> is at home in {home} only")
            elif path not in inside[:most]:
                findings.append(f"{path}:{number}: <{name}> already has its one file, {inside[0]}")
    return looked, findings


if __name__ == "__main__":
    finish("homes", *look(root_argument()))
