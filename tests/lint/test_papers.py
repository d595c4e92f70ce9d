# SPDX-License-Identifier: Apache-2.0
"""papers.py finds the faults that are planted for it; the bill of materials names what is loaded and what is
bundled, as the linker and npm's lock file say. SIGNOFF_BINARY is the program whose bill it is."""
import json
import os
import re
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


@pytest.fixture
def papers(tmp_path):
    """papers(NAME, change): what papers.py says of the real tree with one paper changed."""

    def judge(name=None, change=None):
        for entry in os.listdir(ROOT):
            path = tmp_path / entry
            if entry == name:
                with open(os.path.join(ROOT, entry), encoding="utf-8") as paper:
                    path.write_text(change(paper.read()), encoding="utf-8")
            elif entry != "build":
                path.symlink_to(os.path.join(ROOT, entry))
        return subprocess.run([sys.executable, os.path.join(HERE, "papers.py"), str(tmp_path)],
                              capture_output=True, text=True, check=False)
    return judge


def test_papers_pass_as_they_are(papers):
    done = papers()
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name, old, new, words", [
    ("README.md", "`tests/package/clean_root.py`", "`tests/package/gone.py`", "there is no tests/package/gone.py"),
    ("README.md", "(examples/import/README.md)", "(examples/gone/README.md)", "which is not there"),
    ("README.md", "\n## Upgrading\n", "\n### Upgrading\n", "where README.md"),
    ("README.zh-CN.md", "signoff verify restored", "signoff verify restore", "where README.md"),
    ("README.zh-CN.md", "\n## 升级\n", "\n", "where README.md"),
    ("CHANGELOG.md", "## [0.1.0] - ", "## [0.0.1] - ", "does not tell once of"),
    ("SECURITY.md", "| V1.1.1 | 2 |", "| V1.1.1 | 1 |", "rows of ASVS level"),
    ("SECURITY.md", "| V1.1.1 | 2 | met |", "| V1.1.1 | 2 | maybe |", "a row of ASVS that is none"),
    ("SECURITY.md", "| V1.2.2 | 1 |", "| V1.2.1 | 1 |", "out of order, or twice"),
])
def test_papers_finds_what_is_planted(papers, name, old, new, words):
    def change(text):
        assert old in text
        return text.replace(old, new, 1)
    done = papers(name, change)
    assert done.returncode != 0 and words in done.stdout, done.stdout + done.stderr


@pytest.fixture(scope="module")
def bill():
    done = subprocess.run([sys.executable, os.path.join(ROOT, "packaging", "bill.py"),
                           os.environ["SIGNOFF_BINARY"]], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_bill_is_cyclonedx_and_names_nothing_twice(bill):
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.5", 1)
    assert bill["metadata"]["component"]["name"] == "signoff"
    references = [one["bom-ref"] for one in bill["components"]]
    assert len(set(references)) == len(references)
    assert bill["dependencies"] == [{"ref": "signoff", "dependsOn": references}]
    for one in bill["components"]:
        assert one["version"] not in ("", "unknown") and one["purl"].startswith("pkg:"), one


def test_bill_names_every_library_that_is_linked(bill):
    """By the program's dynamic section, not by the loader."""
    said = subprocess.run(["readelf", "-d", os.environ["SIGNOFF_BINARY"]], capture_output=True,
                          text=True, check=True).stdout
    linked = set(re.findall(r"\(NEEDED\).*\[(.*?)\]", said))
    named = {each["value"] for one in bill["components"] for each in one.get("properties", ())}
    assert len(linked) > 10 and linked <= named, linked - named


def test_bill_names_what_the_console_bundles_and_not_what_builds_it(bill):
    with open(os.path.join(ROOT, "engine", "console", "web", "package-lock.json"), encoding="utf-8") as lock:
        packages = json.load(lock)["packages"]
    bundled = {(path.split("node_modules/")[-1], one["version"]) for path, one in packages.items()
               if path and not one.get("dev")}
    named = {(one["name"], one["version"]) for one in bill["components"] if one["purl"].startswith("pkg:npm/")}
    assert bundled == named and ("preact", packages["node_modules/preact"]["version"]) in named
    assert not any(name == "esbuild" for name, _ in named)
