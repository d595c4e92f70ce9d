# SPDX-License-Identifier: Apache-2.0
"""Every numbered sentence of the rule language's specification has a test that names it.

The numbers stand in tests/lint/dsl_sentences.txt. A test names one by beginning with it:
test_d07_shares_of_counted_time for D07, in C or in Python. A line that begins with "later:" is a
sentence that the program does not keep yet: it is printed, and needs no test.
"""

import os
import re

from common import files, finish, lines_of, root_argument

LIST = "tests/lint/dsl_sentences.txt"
SENTENCE = re.compile(r"(later: )?([A-Z]\d\d) \S")
TEST = re.compile(r"^(?:def )?test_([a-z]\d\d)_\w+\(")
TITLE = re.compile(r"^# \S")


def numbered(root):
    """{number: (line, is it for later)} of the list, and what is wrong with the list itself."""
    numbers, findings = {}, []
    if not os.path.isfile(os.path.join(root, LIST)):
        return numbers, findings
    for line, text in enumerate(lines_of(root, LIST), 1):
        match = SENTENCE.match(text)
        if not match:
            if text and not TITLE.match(text):
                findings.append(f"{LIST}:{line}: neither a numbered sentence nor a comment")
        elif match.group(2) in numbers:
            findings.append(f"{LIST}:{line}: {match.group(2)} is there already")
        else:
            numbers[match.group(2)] = line, match.group(1) is not None
    return numbers, findings


def named(root):
    """(path, line, number) of every test whose name begins with a number."""
    for path in files(root, (".c", ".py"), ("tests/",)):
        for line, text in enumerate(lines_of(root, path), 1):
            match = TEST.match(text)
            if match:
                yield path, line, match.group(1).upper()


def look(root):
    numbers, findings = numbered(root)
    tested = set()
    for path, line, number in named(root):
        tested.add(number)
        if number not in numbers:
            findings.append(f"{path}:{line}: {number} is no sentence of {LIST}")
    for number, (line, later) in numbers.items():
        if later and number in tested:
            findings.append(f"{LIST}:{line}: {number} has a test and is not for later")
        elif later:
            print(f"{LIST}:{line}: {number} is for later")
        elif number not in tested:
            findings.append(f"{LIST}:{line}: {number} has no test: test_{number.lower()}_...")
    return len(numbers), findings


if __name__ == "__main__":
    finish("sentences", *look(root_argument()))
