# SPDX-License-Identifier: Apache-2.0
"""Everything that people read has its Chinese, and the catalogue holds nothing else.

A text is looked for where it is written: in C every string that is handed to a function with a
printf format or to one that translates, and every other string that reads like a sentence; in Lua
the same, a concatenation counting as the format that it amounts to ("no " .. x is "no %s").
"""

import os
import re
import sys

from common import ROOT, files, finish, lines_of, root_argument

sys.path.insert(0, os.path.join(ROOT, "engine/base/zh"))
import table  # noqa: E402

# All folders have it; the catalogue itself and what is made from it are not looked at.
DONE = ["dsl/", "engine/"]
# Files that write another language; what people read in it is handed to sgn_say().
CODE = {
    "dsl/reference.lua": "the reference page, and what editors show",
    "dsl/prelude/words.lua": "the same",
    "dsl/prelude/members.lua": "the same",
    "dsl/testkit_table.lua": "the same",
    "engine/cli/kit_html.c": "HTML",
    "engine/cli/kit_junit.c": "XML",
    "engine/cli/local.h": "Lua",
    "engine/cli/local_complete.c": "scripts of shells",
    "engine/cli/local_init.c": "Lua",
    "engine/cli/remote_allowed.c": "command lines",
    "engine/main.c": "what the server says on its own terminal",
    "engine/cli/local_man.c": "roff",
    "engine/cli/local_people.c": "the demonstration's people",
    "engine/cli/mcp.c": "MCP, for programs",
    "engine/cli/xes.c": "XML",
    "engine/diagram/diagram_dot.c": "DOT",
    "engine/diagram/diagram_mermaid.c": "Mermaid",
    "engine/net/http.c": "HTTP, for programs",
    "engine/net/http_answer.c": "the same",
    "engine/net/http_events.c": "the same",
    "engine/net/http_files.c": "the same",
    "engine/net/http_range.c": "the same",
    "engine/net/http_upload.c": "the same",
    "engine/net/http_head.c": "the same",
    "engine/net/http_query.c": "the same",
    "engine/net/http_rpc.c": "the same",
    "engine/net/http_routes.c": "the same",
    "engine/net/http_upgrade.c": "the same",
    "engine/net/http_visit.c": "the same",
    "engine/net/http_assets.c": "the same",
    "engine/console/console.c": "a page in both languages",
    "engine/net/http_hook.c": "the same",
    "engine/rpc/visit_hook.c": "the same",
    "engine/rpc/docs.c": "HTML",
    "engine/rpc/html.c": "the same",
    "engine/rpc/certificate_page.c": "the same",
    "engine/rpc/report_chart.c": "SVG",
    "engine/rpc/report_chart.h": "CSS",
    "engine/rpc/report_page.c": "HTML",
    "engine/rpc/page_style.h": "CSS",
    "engine/rpc/link_form.c": "the same",
    "engine/rpc/link_page.c": "the same",
    "engine/rpc/metrics.c": "figures for Prometheus",
    "engine/outbox/templates.c": "templates in both languages",
    "engine/outbox/mime.c": "mail, for programs",
    "engine/lane/messages.c": "templates in both languages",
}
DISCOVERED = ("engine/rpc/methods", "engine/rpc/discover.c")
# Members of tables that nobody reads as text: names, and what rpc.discover prints.
SILENT = {".name", ".words", ".method", ".params", ".result"}
# Calls whose arguments are names or compared with.
SILENT |= {"is_node", "strcmp", "strncmp", "strstr", "strchr", "json_pack", "sgn_log", "sgn_service_tell"}
# Members of tables that are read as text, however short it is.
SAID = {".summary"}
NAMES = {"group person decided_by", "at late again", "state parallel final history", "open project"}
NAMES |= {"state %s", "transition %d", "rung %s %d", "outcome %s %s"}  # keys of what a test can reach
NAMES |= {"signoff %s\n", "member add", "member remove", "exception add", "exception remove", "calendar date"}
NAMES |= {"project person role", "group person", "calendar date hours"}
CATALOGUE = "engine/base/zh/"
# Texts that sources put together from several strings: their pieces must be there.
PARTS = "/parts.po"
# What libraries and the system say.
OUTSIDE = "/outside.po"

MACROS = {"PRId64": "ld", "PRIu64": "lu", "PRIx64": "lx", "JSON_INTEGER_FORMAT": "lld"}
DEFINE = re.compile(r'^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+((?:"(?:[^"\\]|\\.)*"[ \t]*)+)(?:/\*.*)?$', re.M)
SENTENCE = re.compile(r"[A-Za-z']{2,}[,:;]? \(?[a-z]{2,}|[a-z]{2,} X\b|X [a-z]{2,}")
WORD = re.compile(r"[A-Za-z]{2,}")
EXAMPLES = re.compile(r"( {2,}[^\n]*(\n|$))+$")
NO_SENTENCE = re.compile(r"^return |^/|^@:|^=\(|^(\w+ ?=? ?)?\{.*\}$|^(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|WITH|ATTACH|BEGIN|SET|ALTER|REPLACE|DROP|LOCK)\b")

SQL = re.compile(r"\b(SELECT|FROM|WHERE|JOIN|VALUES|EXISTS|THEN|AND|OR)\b|\w+, ?\w+, ?\w+, ?\w+, ?\w+|excluded\.")

# ---- C ----

C_TOKEN = re.compile(
    r'(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<char>\'(?:[^\'\\]|\\.)*\')'
    r"|(?P<line>^[ \t]*#(?:[^\n\\]|\\.|\\\n)*)|(?P<name>[A-Za-z_]\w*)|(?P<mark>[^\s\w])|(?P<number>\d\w*)",
    re.S | re.M,
)
C_RUN = re.compile(r'(?:"(?:[^"\\\n]|\\.)*"\s*(?:\\\n\s*)?)+')
# Formats that people read only as part of another text, or not at all.
BUILDERS = {"sgn_format", "sgn_buf_printf", "snprintf", "json_sprintf", "printf", "fprintf", "fputs", "puts"}
SAYERS = re.compile(r"(\w+)\([^()]*\)\s*__attribute__\(\(format_arg\(")
PRINTERS = re.compile(r"(\w+)\([^()]*\)\s*SGN_PRINTF\(")


def c_tokens(text):
    for match in C_TOKEN.finditer(text):
        if match.lastgroup not in ("comment",):
            yield match.lastgroup, match.group(0), match.start()


def c_strings(text, macros):
    """(offset, text, name of the call it is an argument of or "") of every string; neighbours are one."""
    calls, before, run, start, member = [], "", None, 0, ["", "", ""]
    for kind, token, at in c_tokens(text):
        part = None
        if kind == "string":
            part = table.unescape(token[1:-1])
        elif kind == "name" and token in macros:
            part = macros[token]
        elif kind == "line":
            for inner in C_RUN.finditer(token):
                yield at, table.unescape("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', inner.group(0)))), ""
            continue
        if part is not None:
            if run is None:
                run, start = "", at
                into = "." + member[1] if member[0] == "." and member[2] == "=" else ""
            run += part
            before = ""
            continue
        if run is not None:
            yield start, run, into or (calls[-1] if calls else "")
            run = None
        if token == "(":
            calls.append(before)
        elif token == ")" and calls:
            calls.pop()
        before = token if kind == "name" else ""
        member = [*member[1:], token]


def c_functions(root):
    """Names of the functions that translate, and of those that take a format."""
    sayers, printers = set(), set()
    for path in files(root, (".c", ".h"), ("engine/", "dsl/")):
        text = "\n".join(lines_of(root, path))
        sayers.update(SAYERS.findall(text))
        printers.update(PRINTERS.findall(text))
    return sayers, printers - BUILDERS


def c_macros(root):
    macros = dict(MACROS)
    for path in files(root, (".c", ".h"), ("engine/", "dsl/")):
        for name, value in DEFINE.findall("\n".join(lines_of(root, path))):
            macros[name] = "".join(table.unescape(s) for s in re.findall(r'"((?:[^"\\]|\\.)*)"', value))
    return macros


# ---- Lua ----

LUA_TOKEN = re.compile(
    r"(?P<comment>--\[(?P<eq>=*)\[.*?\](?P=eq)\]|--[^\n]*)"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')|(?P<long>\[\[.*?\]\])"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<number>\d[\w.]*)|(?P<mark>\.\.\.|\.\.|[=~<>]=|::|//|[^\s])",
    re.S,
)
KEYWORDS = set("and or not if then else elseif end do while for in return local function repeat until".split())
OPENING, CLOSING = {"(": ")", "{": "}", "[": "]"}, set(")}]")


def lua_tokens(text):
    return [
        (m.lastgroup if m.lastgroup != "eq" else "comment", m.group(0), m.start())
        for m in LUA_TOKEN.finditer(text)
        if m.lastgroup not in ("comment", "eq") and not m.group("comment")
    ]


def closing(tokens, at):
    depth = 0
    while at < len(tokens):
        if tokens[at][0] == "mark" and tokens[at][1] in OPENING:
            depth += 1
        elif tokens[at][0] == "mark" and tokens[at][1] in CLOSING:
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return at


def lua_literal(token):
    return table.unescape(token[1:-1]).replace("\\'", "'")


def operand(tokens, at):
    """(what it amounts to in a format, whether it is written out, where it ends); None: no operand."""
    if at >= len(tokens):
        return None
    kind, token, _ = tokens[at]
    text, written = "%s", False
    if kind == "string":
        text, written, at = lua_literal(token).replace("%", "%%"), True, at + 1
    elif kind == "mark" and token == "(":
        end = closing(tokens, at)
        if end - at == 3 and tokens[at + 1][0] == "string":
            text, written = lua_literal(tokens[at + 1][1]).replace("%", "%%"), True
        at = end
    elif kind == "mark" and token in "#-":
        inner = operand(tokens, at + 1)
        return inner and ("%s", False, inner[2])
    elif kind in ("name", "number") and token not in KEYWORDS:
        at += 1
    else:
        return None
    while at < len(tokens):
        kind, token, _ = tokens[at]
        if token in (".", ":") and kind == "mark":
            if written and at + 1 < len(tokens) and tokens[at + 1][1] in ("format", "rep", "gsub"):
                text = text.replace("%%", "%") if tokens[at + 1][1] == "format" else text
            else:
                text, written = "%s", False
            at += 2
        elif kind == "mark" and token in ("(", "[", "{"):
            at = closing(tokens, at)
        elif kind == "string" and not written:
            at += 1
        else:
            break
    return text, written, at


def lua_strings(text):
    """(offset, text, the call it is an argument of) of every chain of concatenations."""
    tokens, calls = lua_tokens(text), []
    for at, (kind, token, offset) in enumerate(tokens):
        if kind == "mark" and token in OPENING:
            calls.append(tokens[at - 1][1] if token == "(" and at and tokens[at - 1][0] == "name" else "")
        elif kind == "mark" and token in CLOSING and calls:
            calls.pop()
        before = tokens[at - 1][1] if at else ""
        if before in ("..", ".", ":", "==", "~=") or (
            token == "(" and at and tokens[at - 1][0] == "name" and before not in KEYWORDS
        ) or (before == "(" and kind == "string" and closing(tokens, at - 1) == at + 2
                                         and at + 2 < len(tokens) and tokens[at + 2][1] == ":"):
            continue
        if kind == "string" and (at + 1 == len(tokens) or tokens[at + 1][1] != ".."):
            said = lua_literal(token)
            if "%" in table.CONVERSION.sub("", said):
                said = said.replace("%", "%%")  # no format: a percentage
            yield offset, said, calls[-1] if calls else ""
            continue
        whole, any_written, end = "", False, at
        part = operand(tokens, end)
        while part:
            whole, any_written, end = whole + part[0], any_written or part[1], part[2]
            if end < len(tokens) and tokens[end][1] == "..":
                part = operand(tokens, end + 1)
            else:
                break
        if any_written:
            yield offset, whole, calls[-1] if calls else ""


# ---- both ----


def shown(text):
    """With its conversions as X, so that "no %s" reads like words."""
    return table.CONVERSION.sub(lambda m: "%" if m.group(0) == "%%" else "X", text)


def is_wanted(path, text, call, sayers, printers):
    plain = shown(text)
    if path.startswith("engine/store/") and SQL.search(text):
        return False
    if NO_SENTENCE.match(plain) or EXAMPLES.match(plain) or call in SILENT or text in NAMES:
        return False
    if path.startswith(DISCOVERED) and call in ("", ".summary"):
        return False  # what rpc.discover prints
    if path == "engine/cli/settings_table.c" and call in ("sgn_buf_puts", "_Static_assert"):
        return False  # what init writes into signoff.ini
    if path in CODE and call not in printers:
        return call in sayers
    if call in sayers or call in SAID:
        return WORD.search(plain) is not None and text != "zh"
    if call in printers and " " in plain:
        return WORD.search(plain) is not None
    return SENTENCE.search(plain) is not None


LUA_RAISERS = {"raise", "mistake", "fail", "fail_near", "expected"}


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def strings(root):
    """(path, line, text, wanted) of every string of the sources."""
    sayers, printers = c_functions(root)
    macros = c_macros(root)
    for path in files(root, (".c", ".h", ".lua"), ("engine/", "dsl/")):
        if path.startswith("dsl/meta/"):
            continue
        text = "\n".join(lines_of(root, path))
        if path.endswith(".lua"):
            for offset, said, call in lua_strings(text):
                yield path, line_at(text, offset), said, is_wanted(path, said, call, (), LUA_RAISERS)
        else:
            for offset, whole, call in c_strings(text, macros):
              for said in whole.split("\n\n") if call == ".help" else [whole]:
                yield path, line_at(text, offset), said, is_wanted(path, said, call, sayers, printers)


def pieces(text):
    """What stands between the conversions of a format."""
    return [piece for piece in table.CONVERSION.sub("\0", text).split("\0") if piece.strip()]


def look(root):
    paths = [os.path.join(root, path) for path in files(root, (".po",), (CATALOGUE,))]
    try:
        rows = table.load(paths)
    except table.Wrong as wrong:
        return 1, [str(wrong)]
    findings, there, looked, asked = [], set(), 0, set()
    said = set(rows)
    for english, row in rows.items():
        said.update(pieces(english) if row[2].endswith(PARTS) else ())
    for path, line, text, wanted in strings(root):
        looked += 1
        there.add(text)
        if wanted and path.startswith(tuple(DONE)) and text not in said and text not in asked:
            asked.add(text)
            findings.append(f'{path}:{line}: no Chinese in {CATALOGUE} for "{table.escape(text)}"')
    whole = "\0".join(there)
    for english, (_, _, path, line) in rows.items():
        if path.endswith(OUTSIDE):
            missing = False
        elif path.endswith(PARTS):
            missing = any(piece not in whole for piece in pieces(english))
        else:
            missing = english not in there
        if missing:
            findings.append(
                f'{os.path.relpath(path, root)}:{line}: no source says "{table.escape(english)}"'
            )
    return looked, findings


if __name__ == "__main__":
    finish("chinese", *look(root_argument()))
