# SPDX-License-Identifier: Apache-2.0
"""What the console says stands in tables of texts, in both languages, and nowhere else.

A table is what texts({...}) is given: name: ["English", "Chinese"]. Both sides name the same values, the
Chinese one is Chinese with Chinese punctuation, every text is used, and no page has words of its own.
"""

import os
import re

from common import files, finish, lines_of, root_argument

WEB = "engine/console/web/src/"
STRING = r'"((?:[^"\\]|\\.)*)"'
TABLE = re.compile(r"\btexts\(\{(.*?)\n?\}\)", re.S)
PAIR = re.compile(r"(\w+):\s*\[\s*" + STRING + r",\s*" + STRING + r",?\s*\]")
PLACE = re.compile(r"\{(\w+)(?:\|[^}]*)?\}")
HAN = re.compile("[\u4e00-\u9fff]")
# Of Western punctuation beside a Chinese character.
WESTERN = re.compile("[\u4e00-\u9fff][,;:?!(]|[)][\u4e00-\u9fff]")
# The same in both languages: values, and names.
ALIKE = re.compile(r"^(?:\{\w+\}|\W|\d|Signoff|JSON|CSV|URL|ID|API|NPS|CSAT|CES|Webhook)*$")
# Words between tags, and attributes that people hear or read.
BETWEEN = re.compile(r"(?<![=\-])>\s*([^<>{}=;()&|]*[A-Za-z]{2,}[^<>{}=;()&|]*?)\s*(?:</|\{|$)")
SAID = re.compile(r'\b(?:aria-label|title|placeholder|alt|label)="([^"]*[A-Za-z]{2,}[^"]*)"')
# Shown as they are in every language.
NAMES = {"Signoff", "English", "sgn_…"}
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)


def judge_pair(english, chinese):
    """What is wrong with a text, or None."""
    if set(PLACE.findall(english)) != set(PLACE.findall(chinese)):
        return "its languages name other values"
    if not HAN.search(chinese) and not (ALIKE.match(english) and ALIKE.match(chinese)):
        return "its Chinese is not Chinese"
    if WESTERN.search(chinese):
        return "its Chinese has Western punctuation"
    return None


def used_in(folder, sources):
    """The sources that can reach a table: those of its folder; all, when it is exported to all."""
    return "\n".join(text for path, text in sources.items() if os.path.dirname(path) == folder)


def look_table(path, text, sources):
    """(number of texts, [(place in the file, what is wrong)])"""
    looked, wrong = 0, []
    reach = used_in(os.path.dirname(path), sources) if "export const t " in text else text
    for table in TABLE.finditer(text):
        for pair in PAIR.finditer(table.group(1)):
            looked += 1
            name, english, chinese = pair.groups()
            at = table.start(1) + pair.start()
            fault = judge_pair(english, chinese)
            if fault:
                wrong.append((at, f"{name}: {fault}"))
            outside = reach.replace(table.group(0), "")
            if not re.search(rf'"{name}"|\bt\(\w+\.(kind|state)\)', outside):
                wrong.append((at, f"{name}: nothing uses it"))
    return looked, wrong


def look_words(path, lines):
    """Words that stand in a page."""
    if not path.endswith(".tsx"):
        return []
    found = []
    for number, line in enumerate(lines, 1):
        bare = COMMENT.sub("", line)
        words = SAID.findall(bare)
        if "=>" not in bare and "<" in bare:
            words += BETWEEN.findall(bare)
        elif re.fullmatch(r"\s*[A-Z][a-z]+(?: [\w'’,.-]+)+[.…!?]?\s*", bare):
            words.append(bare.strip())
        found += [(number, word) for word in words if word.strip() not in NAMES]
    return found


def look(root):
    paths = files(root, [".ts", ".tsx"], [WEB])
    sources = {path: "\n".join(lines_of(root, path)) for path in paths}
    findings, looked = [], 0
    for path, text in sources.items():
        n, wrong = look_table(path, text, sources)
        looked += n
        findings += [f"{path}:{text.count(chr(10), 0, at) + 1}: {what}" for at, what in wrong]
        findings += [f"{path}:{number}: words in a page: {word}" for number, word in look_words(path, text.split("\n"))]
    return looked, findings


if __name__ == "__main__":
    finish("console", *look(root_argument()))
