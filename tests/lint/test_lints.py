# SPDX-License-Identifier: Apache-2.0
"""Every lint finds the fault that is planted for it, passes a clean tree, and fails on an
empty one."""

import json
import os
import shutil
import subprocess
import sys

import pytest

import shipped
from common import tool

HERE = os.path.dirname(os.path.abspath(__file__))
LICENCE = "/* SPDX-License-Identifier: Apache-2.0 */\n"

CLEAN = {
    "engine/base/buf.h": LICENCE + "struct buf;\n",
    "engine/base/buf.c": LICENCE
    + '#include "buf.h"\n#include <sodium.h>\n\n'
    + 'static const char *const names[] = {"a"};\n\n'
    + "int\nname_of(int i)\n{\n    static const int one = 1;\n    return names[i][0] + one;\n}\n",
    "engine/base/thread.c": LICENCE + "#include <uv.h>\n",
    "engine/store/store.h": LICENCE + '#include "buf.h"\n',
    "engine/store/sqlite.c": LICENCE + '#include "store.h"\n#include <sqlite3.h>\n',
    "engine/core/core.h": LICENCE + "struct core;\n",
    "engine/lane/lane.c": LICENCE + '#include "buf.h"\n#include "core.h"\n#include "store.h"\n',
    "engine/main.c": LICENCE + '#include "core.h"\n#include <jansson.h>\n',
    "engine/calendar/zone.h": LICENCE,
    "engine/model/rules.h": LICENCE + '#include "zone.h"\n',
    "dsl/call.c": LICENCE + '#include "buf.h"\n#include <lua.h>\n',
    "tests/unit/core/test_core.c": LICENCE
    + '#include "core.h"\n#include <lua.h>\n\n'
    + "static void\ntest_d01_holds(void **state)\n{\n    (void)state;\n}\n",
    "engine/diagram/draw.c": LICENCE + 'const char *\nword(void)\n{\n    return "is too large";\n}\n',
    "engine/console/web/src/pages/box/texts.ts": "// " + LICENCE[3:].replace(" */", "")
    + 'export const t = texts({\n  one: ["{n} {n|thing|things}, at once", "{n} 件，立即"],\n'
    + '  both: ["{a} · {b}", "{a} · {b}"],\n});\n',
    "engine/console/web/src/pages/box/page.tsx": "// " + LICENCE[3:].replace(" */", "")
    + '// Some words of ours.\nconst page = (\n  <p class="is a class">\n    {t("one")} <b>Signoff</b> {t("both")}\n'
    + "  </p>\n);\nconst fine = (a: Set<string>): boolean => a.size > 3;\n",
    "engine/base/zh/diagram.po": 'msgid "is too large"\nmsgstr "太大"\n',
    "tests/lint/dsl_sentences.txt": "# SPDX-License-Identifier: Apache-2.0\nD01 It holds.\n",
}


@pytest.fixture
def tree(tmp_path):
    """A function that writes a tree and gives its root."""

    def write(contents):
        shutil.copy(os.path.join(HERE, "..", "..", ".clang-format"), tmp_path)
        for path, text in contents.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def run(lint, *arguments):
    command = [sys.executable, os.path.join(HERE, lint), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def assert_found(done, *expected):
    assert done.returncode != 0
    lines = done.stdout.splitlines()
    assert len(lines) == len(expected), done.stdout + done.stderr
    for line, (place, word) in zip(lines, expected):
        assert line.startswith(place + ": ") and word in line


LINTS = ["layers.py", "homes.py", "globals.py", "shape.py", "words.py", "format.py", "sentences.py", "chinese.py",
         "console.py"]


@pytest.mark.parametrize("lint", LINTS)
def test_lint_passes_a_clean_tree(lint, tree):
    root = tree(CLEAN)
    if lint == "format.py":
        every = [path for path in root.rglob("*.[ch]")]
        subprocess.run([tool("clang-format", 14), "-i", *every], check=True)
    done = run(lint, root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing found" in done.stdout


@pytest.mark.parametrize("lint", [*LINTS, "papers.py"])
def test_lint_fails_when_it_looked_at_nothing(lint, tmp_path):
    done = run(lint, tmp_path)
    assert done.returncode != 0
    assert "looked at nothing" in done.stderr


@pytest.mark.parametrize(
    "path, include, word",
    [
        ("engine/base/x.c", '"store.h"', "rank 1"),
        ("engine/store/x.c", '"model.h"', "rank 1"),
        ("engine/calendar/x.c", '"model.h"', "rank 1"),
        ("engine/core/x.c", '"dsl.h"', "rank 2"),
        ("dsl/x.c", '"core.h"', "rank 2"),
        ("dsl/x.c", '"nowhere.h"', "no header of ours"),
        ("engine/lane/x.c", "<core.h>", "in quotes"),
        ("engine/cli/deep/x.c", '"console.h"', "rank 6"),
        ("engine/net/x.c", '"cli.h"', "rank 6"),
    ],
)
def test_layers_finds_an_include_upwards_or_sideways(path, include, word, tree):
    headers = ["engine/model/model.h", "dsl/dsl.h", "engine/console/console.h", "engine/cli/cli.h"]
    fault = {path: f"{LICENCE}  #  include {include}\n"}
    root = tree({**CLEAN, **{header: LICENCE for header in headers}, **fault})
    assert_found(run("layers.py", root), (f"{path}:2", word))


def test_layers_finds_one_name_in_two_layers(tree):
    twice = {"engine/model/core.h": LICENCE}
    done = run("layers.py", tree({**CLEAN, **twice}))
    assert_found(
        done, ("engine/lane/lane.c:3", "ambiguous"), ("engine/main.c:2", "ambiguous")
    )  # fmt: skip


@pytest.mark.parametrize(
    "path, header",
    [
        ("engine/core/x.c", "lua.h"),
        ("engine/core/x.c", "lauxlib.h"),
        ("engine/lane/x.c", "sqlite3.h"),
        ("engine/store/x.c", "sqlite3.h"),  # the second file there
        ("engine/core/x.c", "libpq-fe.h"),
        ("engine/base/clock.c", "uv.h"),
        ("engine/rpc/x.c", "uv.h"),
        ("engine/core/x.c", "libical/ical.h"),
        ("engine/rpc/x.c", "sodium.h"),
        ("engine/cli/x.h", "openssl/ssl.h"),
    ],
)
def test_homes_finds_a_header_abroad(path, header, tree):
    root = tree({**CLEAN, path: f"{LICENCE}#include <{header}>\n"})
    assert_found(run("homes.py", root), (f"{path}:2", f"<{header}>"))


@pytest.mark.parametrize(
    "fault",
    [
        "static int counter;",
        "int counter = 3;",
        'static const char *counter = "points elsewhere later";',
        "static _Atomic int counter;",
        "static struct thing { int a; } counter;",
        "static int (*counter)(void);",
        "static char counter[10];",
        "int f(void);\nint f(void)\n{\n    static int counter;\n    return counter++;\n}",
    ],
)
def test_globals_finds_what_can_change(fault, tree):
    done = run("globals.py", tree({**CLEAN, "dsl/x.c": LICENCE + fault + "\n"}))
    line = 2 + [i for i, text in enumerate(fault.split("\n")) if "counter" in text][0]
    assert_found(done, (f"dsl/x.c:{line}", "counter"))


@pytest.mark.parametrize(
    "fine",
    [
        "/* Global because the library has only one. */\nstatic int counter;",
        "/* Two lines, and\n * Global because of that. */\nstatic int counter;",
        "static const int counter = 1;",
        'static const char *const counter[] = { "a" };',
        "static int (*const counter)(void) = 0;",
        "int f(int counter);\nint f(int counter)\n{\n    int other = counter;\n    return other;\n}",
    ],
)
def test_globals_lets_constants_and_reasons_pass(fine, tree):
    done = run("globals.py", tree({**CLEAN, "dsl/x.c": LICENCE + fine + "\n"}))
    assert done.returncode == 0, done.stdout


def function(lines, comment=""):
    """A function of this many lines, from brace to brace."""
    return comment + "static int\nlong_one(int a,\n         int b)\n{\n" + "    a++;\n" * (lines - 2) + "}\n"


def test_shape_finds_a_long_function(tree):
    root = tree({**CLEAN, "dsl/x.c": LICENCE + "\n" + function(61)})
    assert_found(run("shape.py", root), ("dsl/x.c:3", "61 lines"))


def test_shape_lets_sixty_lines_and_reasons_pass(tree):
    reason = "/* One row per opcode.\n * Long because a table would hide the order. */\n"
    text = LICENCE + "\n" + function(60) + "\n" + function(90, reason)
    done = run("shape.py", tree({**CLEAN, "dsl/x.c": text}))
    assert done.returncode == 0, done.stdout


def test_shape_finds_a_reason_that_belongs_to_another(tree):
    text = LICENCE + "/* Long because. */\nstatic int other;\n\n" + function(61)
    assert_found(run("shape.py", tree({**CLEAN, "dsl/x.c": text})), ("dsl/x.c:5", "61 lines"))


def test_shape_finds_a_long_file_and_a_missing_licence(tree):
    faults = {"dsl/x.lua": "-- line\n" * 601, "engine/core/x.h": "struct x;\n", "dsl/y.c": ""}
    assert_found(
        run("shape.py", tree({**CLEAN, **faults})),
        ("dsl/x.lua:601", "601 lines"),
        ("dsl/y.c:1", "SPDX"),
        ("engine/core/x.h:1", "SPDX"),
    )


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "X" + "XX"])
def test_words_finds_notes_to_ourselves(word, tree):
    root = tree({**CLEAN, "workflows/x.lua": f"-- fine\n-- {word}: later\n"})
    assert_found(run("words.py", root), ("workflows/x.lua:2", word))


SENTENCES = "tests/lint/dsl_sentences.txt"


def test_sentences_finds_one_without_a_test(tree):
    faults = {SENTENCES: CLEAN[SENTENCES] + "D02 It holds too.\n"}
    assert_found(run("sentences.py", tree({**CLEAN, **faults})), (f"{SENTENCES}:3", "test_d02_"))


def test_sentences_finds_a_test_of_none(tree):
    faults = {"tests/e2e/test_x.py": "# SPDX-License-Identifier: Apache-2.0\ndef test_a07_x():\n"}
    assert_found(run("sentences.py", tree({**CLEAN, **faults})), ("tests/e2e/test_x.py:2", "A07"))


def test_sentences_finds_a_number_that_is_there_twice_and_a_line_without_one(tree):
    faults = {SENTENCES: CLEAN[SENTENCES] + "D01 Again.\nSomething.\n"}
    assert_found(
        run("sentences.py", tree({**CLEAN, **faults})),
        (f"{SENTENCES}:3", "already"),
        (f"{SENTENCES}:4", "neither"),
    )


def test_sentences_prints_what_is_for_later_and_fails_once_it_has_a_test(tree):
    faults = {SENTENCES: CLEAN[SENTENCES] + "later: D02 It will.\n"}
    done = run("sentences.py", tree({**CLEAN, **faults}))
    assert done.returncode == 0 and "D02 is for later" in done.stdout
    faults["tests/e2e/test_x.py"] = "# SPDX-License-Identifier: Apache-2.0\ndef test_d02_x():\n"
    done = run("sentences.py", tree({**CLEAN, **faults}))
    assert done.returncode != 0 and "D02 has a test" in done.stdout


def test_format_finds_a_crooked_line(tree):
    root = tree({"engine/base/x.c": LICENCE + "static int  x;\n"})
    assert_found(run("format.py", root), ("engine/base/x.c:2", "clang-format"))


def tidy_tree(tree, contents):
    root = tree(contents)
    shutil.copy(os.path.join(HERE, "..", "..", ".clang-tidy"), root)
    commands = [
        {"directory": str(root), "file": path, "command": f"cc -c {path}"} for path in contents
    ]
    (root / "compile_commands.json").write_text(json.dumps(commands), encoding="utf-8")
    return run("tidy.py", root, root)


def test_tidy_finds_a_bad_memset_and_skips_tests(tree):
    fault = "#include <string.h>\nvoid f(char *p);\nvoid\nf(char *p)\n{\n    memset(p, 0xabcd, 1);\n}\n"
    done = tidy_tree(tree, {"engine/base/x.c": fault, "tests/unit/x.c": fault})
    assert_found(done, ("engine/base/x.c:6", "memset"))


def test_tidy_fails_when_it_looked_at_nothing(tree):
    done = tidy_tree(tree, {"tests/unit/x.c": "int x;\n"})
    assert done.returncode != 0
    assert "looked at nothing" in done.stderr


@pytest.mark.parametrize(
    "path, text, place, word",
    [
        ("engine/diagram/x.c", 'f("it is " "late");', "engine/diagram/x.c:2", '"it is late"'),
        ("engine/cli/x.c", 'struct row r = { .summary = "Ends a thing" };', "engine/cli/x.c:2", '"Ends a thing"'),
        ("engine/diagram/x.c", 'fail(x, "%s: late");', "engine/diagram/x.c:3", '"%s: late"'),
        ("engine/base/zh/x.po", 'msgid "gone"\nmsgstr "没有"', "engine/base/zh/x.po:2", '"gone"'),
        ("engine/base/zh/x.po", 'msgid "%d a"\nmsgstr "%s"', "engine/base/zh/x.po:2", "other arg"),
        ("engine/base/zh/x.po", 'msgid "is too large"\nmsgstr "大"', "engine/base/zh/x.po:2", "too"),
    ],
)
def test_chinese_finds_what_is_not_translated_and_what_is_left_over(path, text, place, word, tree):
    first = LICENCE if path.endswith(".c") else "# SPDX-License-Identifier: Apache-2.0\n"
    if "fail(" in text:
        text = "void fail(int x, const char *f, ...) SGN_PRINTF(2, 3);\n" + text
    done = run("chinese.py", tree({**CLEAN, path: first + text + "\n"}))
    assert done.returncode != 0
    assert place in done.stdout and word in done.stdout


def test_chinese_reads_concatenations_in_lua_as_one_format(tree):
    fault = {"engine/diagram/x.lua": 'P.raise("no " .. name .. (" in %s"):format(where))\n'}
    done = run("chinese.py", tree({**CLEAN, **fault}))
    assert_found(done, ("engine/diagram/x.lua:1", '"no %s in %s"'))


@pytest.mark.parametrize(
    "text, word",
    [
        ('  one: ["{n} things", "{m} 件"],', "other values"),
        ('  one: ["Things", "Things"],', "not Chinese"),
        ('  one: ["Things, at once", "东西, 立即"],', "Western punctuation"),
        ('  one: ["Things", "东西"],\n  other: ["Others", "其他"],', "other: nothing uses it"),
    ],
)
def test_console_finds_a_text_that_is_wrong(text, word, tree):
    """In the tables of the console."""
    folder = "engine/console/web/src/parts/"
    root = tree({**CLEAN, folder + "x.tsx": f'const t = texts({{\n{text}\n}});\nt("one");\n'})
    line = 2 + text.count("\n")
    assert_found(run("console.py", root), (f"{folder}x.tsx:{line}", word))


@pytest.mark.parametrize(
    "line, word",
    [
        ("  <h2>Nothing here</h2>", "Nothing here"),
        ('  <button aria-label="Close it">', "Close it"),
        ("    Nothing waits for you.", "Nothing waits for you."),
        ("  <p>Hello {name}</p>", "Hello"),
    ],
)
def test_console_finds_words_in_a_page(line, word, tree):
    path = "engine/console/web/src/pages/x/page.tsx"
    assert_found(run("console.py", tree({**CLEAN, path: f"// A page.\n{line}\n"})), (path + ":2", word))


BEFORE = {("risk", 1): ("aa", 3), ("risk", 2): ("bb", 4)}


@pytest.mark.parametrize(
    "now, new, word",
    [
        ({"risk": (2, "bb")}, [], None),
        ({"risk": (3, "cc")}, [("risk", 3, "cc")], None),
        ({"risk": (2, "bb"), "visit": (1, "dd")}, [("visit", 1, "dd")], None),
        ({"risk": (2, "cc")}, [], "give it version = 3"),
        ({"risk": (1, "aa")}, [], "there was a version 2"),
    ],
)
def test_shipped_finds_rules_that_changed_under_their_version(now, new, word):
    added, findings = shipped.look(now, BEFORE)
    assert added == new
    assert [word in finding for finding in findings] == ([True] if word else [])
