# SPDX-License-Identifier: Apache-2.0
"""Makes the C table of the Chinese catalogue: table.py OUT.c FILE.po...

A catalogue is a .po file, as translators' tools know it: msgid is the English text as it stands in
the source, msgstr the Chinese one, which numbers its arguments where their order differs: %2$s.
%1$m instead of %1$s says that the argument is itself a text that people read, and is said in
Chinese too; names, keys and numbers stay as they are. What is wrong with an entry is said here,
with its line, and ends the build.
"""

import re
import sys

CONVERSION = re.compile(
    r"%(?:%|(?:(?P<place>\d+)\$)?(?P<flags>[-+ #0]*)(?P<width>\d+|\*(?:\d+\$)?)?(?:\.(?P<precision>\d+|\*(?:\d+\$)?))?"
    r"(?P<length>hh|h|ll|l|z|j|t)?(?P<kind>[a-zA-Z]))"
)
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"\s*$')
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
ARGUMENTS_MAX = 9  # as in say.c


def unescape(text):
    return re.sub(r"\\(.)", lambda m: ESCAPES.get(m.group(1), m.group(0)), text)


def escape(text):
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, written)
    return text


class Wrong(Exception):
    """What is wrong with a catalogue, and where."""


def read(path):
    """(line, msgid, msgstr) of every entry of a file, but for its header."""
    entry, into = None, None
    with open(path, encoding="utf-8") as file:
        lines = [*file.read().split("\n"), ""]
    for number, line in enumerate(lines, 1):
        word, _, rest = line.partition(" ")
        if line.startswith("#"):
            continue
        if word == "msgid" or not line.strip():
            if entry and (entry[1] or not entry[2]):
                yield tuple(entry)
            entry = None
        if not line.strip():
            continue
        if word in ("msgid", "msgstr"):
            into = 1 if word == "msgid" else 2
            if into == 1:
                entry = [number, "", ""]
        else:
            rest = line
        string = STRING.match(rest)
        if not string or entry is None or into is None:
            raise Wrong(f"{path}:{number}: expected msgid \"...\", msgstr \"...\" or \"...\"")
        entry[into] += unescape(string.group(1))


def arguments(text):
    """{place: kind} of the conversions of a format, and the places that are marked %m."""
    found, marked, place = {}, set(), 0
    for match in CONVERSION.finditer(text):
        if match.group(0) == "%%":
            continue
        for star in ("width", "precision"):
            if (match.group(star) or "").startswith("*"):
                place = int(match.group(star)[1:-1]) if "$" in match.group(star) else place + 1
                found[place] = "*"
        place = int(match.group("place")) if match.group("place") else place + 1
        kind = match.group("kind")
        if place in found:
            raise ValueError(f"argument {place} stands twice")
        if kind == "m":
            marked.add(place)
            kind = "s"
        found[place] = (match.group("length") or "") + ("d" if kind == "i" else kind)
    return found, marked


def check(english, chinese):
    """The places that are said in Chinese too; ValueError says what is wrong."""
    if not chinese:
        raise ValueError("no Chinese")
    left = re.sub(CONVERSION, "", english + chinese)
    if "%" in left:
        raise ValueError("a % that is no conversion: write %%")
    ours, marked_there = arguments(english)
    theirs, marked = arguments(chinese)
    if marked_there:
        raise ValueError("%m stands in the Chinese text only")
    if ours != theirs:
        raise ValueError(f"takes other arguments: {theirs} for {ours}")
    if ours and max(ours) > ARGUMENTS_MAX:
        raise ValueError(f"more than {ARGUMENTS_MAX} arguments")
    if ("$" in "".join(re.findall(r"%\d*\$?", chinese))) and re.search(r"%[^%\d]", chinese):
        raise ValueError("either every argument is numbered or none")
    return marked


def load(paths):
    """{english: (chinese, places said in Chinese, path, line)}"""
    rows = {}
    for path in paths:
        for line, english, chinese in read(path):
            if english in rows:
                raise Wrong(f"{path}:{line}: stands in {rows[english][2]}:{rows[english][3]} too")
            try:
                rows[english] = chinese, check(english, chinese), path, line
            except ValueError as wrong:
                raise Wrong(f"{path}:{line}: {wrong}") from None
    return rows


def plain(chinese):
    """As printf takes it: %m is for those who take a finished text apart."""
    return re.sub(r"(%(?:\d+\$)?)m", r"\1s", chinese)


def main():
    out, paths = sys.argv[1], sys.argv[2:]
    try:
        rows = load(paths)
    except Wrong as wrong:
        sys.exit(str(wrong))
    with open(out, "w", encoding="utf-8") as file:
        file.write('/* Made by table.py. */\n#include "say_internal.h"\n\n')
        file.write("const struct say_row say_zh[] = {\n")
        for english in sorted(rows, key=lambda text: text.encode()):
            chinese, marked, _, _ = rows[english]
            bits = sum(1 << (place - 1) for place in marked)
            file.write(f'    {{ "{escape(english)}", "{escape(plain(chinese))}", {bits} }},\n')
        file.write("};\nconst size_t say_zh_count = sizeof(say_zh) / sizeof(say_zh[0]);\n")


if __name__ == "__main__":
    main()
