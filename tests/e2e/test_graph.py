# SPDX-License-Identifier: Apache-2.0
"""Drawings: judged by Graphviz itself and by a strict reader of the Mermaid that is written, against
the model as the protocol gives it."""
import html
import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree

import pytest

from cases import SHIPPED, Case
from commands import run  # noqa: F401

ALL_WORKFLOWS = True

# What may stand in a quoted text of Mermaid: our own <br/> and <b>, entities, and nothing that opens
# or closes anything.
TEXT = r'"(?:<br/>|</?b>|#\d+;|[^"<>&#`\\|{};%$*_~@\n])*"'
NODE = re.compile(r'^ *([sdnf]\d+)(?:\((%s)\)|\(\[(%s)\]\)|\(\((%s)\)\)|\[(%s)\]):::\w+$' % ((TEXT,) * 4))
FRAME = re.compile(r'^ *subgraph (s\d+)\[(%s)\]$' % TEXT)
EDGE = re.compile(r'^ *([sdnf]\d+) (?:-->|==>|-\.->)(?:\|(%s)\|)? ([sdnf]\d+)$' % TEXT)
STYLE = re.compile(r'^  (?:linkStyle \d+|classDef \w+) [\w:#,\- ]+$')


def mermaid(text):
    """(title, nodes {id: text}, frames {id: title}, edges [(from, text, to)]); fails on any line
    that is none of these."""
    head, title, end, kind, *lines = text.splitlines()
    assert (head, end, kind) == ("---", "---", "flowchart TB")
    nodes, frames, edges, depth = {}, {}, [], 0
    for line in lines:
        if node := NODE.match(line):
            assert node[1] not in nodes and node[1] not in frames
            nodes[node[1]] = next(one for one in node.groups()[1:] if one)
        elif frame := FRAME.match(line):
            assert frame[1] not in nodes and frame[1] not in frames
            frames[frame[1]] = frame[2]
            depth += 1
        elif edge := EDGE.match(line):
            edges.append(edge.groups())
        elif line.strip() == "end":
            depth -= 1
        else:
            assert STYLE.match(line), line
    assert depth == 0
    for start, _, to in edges:
        assert {start, to} <= set(nodes) | set(frames)
    return json.loads(title[len("title: "):]), nodes, frames, edges


def test_graph_reader_of_mermaid_finds_what_breaks_out():
    good = '---\ntitle: "x"\n---\nflowchart TB\n  s1("a"):::state\n  s2("b"):::state\n  s1 --> s2\n'
    assert mermaid(good)[3] == [("s1", None, "s2")]
    for bad in ('  s1("a"b"):::state\n', '  s1("a<i>"):::state\n', '  s1 --> s9\n', '  click s1 "x"\n',
                '  s3("a"):::state\n  s3("a"):::state\n', '  subgraph s3["a"]\n'):
        with pytest.raises(AssertionError):
            mermaid(good + bad)


def svg(dot):
    """What Graphviz makes of it: the texts in it, and its complaints."""
    done = subprocess.run(["dot", "-Tsvg"], input=dot, capture_output=True, text=True, check=True)
    root = xml.etree.ElementTree.fromstring(done.stdout)
    return ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")], done.stderr


def states_of(part):
    for state in part.get("states", []):
        yield state
        yield from states_of(state)


def everything(model):
    """(states, transitions, approvals, deadlines) of a model."""
    states = list(states_of(model))
    holders = [model, *states]
    return (states, [one for holder in holders for one in holder.get("transitions", [])],
            [one for one in states if "approval" in one],
            [one for holder in holders for one in holder.get("deadlines", [])])


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_graph_of_shipped_workflows_has_everything_once(people, run, name, language):
    model = people("li").call("workflow.get", workflow=name)["model"]
    states, transitions, approvals, deadlines = everything(model)
    text = run("graph", name, "--lang", language).stdout
    title, nodes, frames, edges = mermaid(text)
    assert title.startswith(model["title"][language])
    drawn = [one for one in [*nodes, *frames] if one.startswith("s")]
    assert len(drawn) == len(states)
    shown = [html.unescape(one.replace("#", "&#")) for one in [*nodes.values(), *frames.values()]]
    for state in states:
        if state["kind"] != "history":
            assert sum(state["title"][language] in one for one in shown) >= 1
    leading = [one for one in transitions if one.get("to")]
    labelled = [one for one in edges if one[0][0] != "d" and nodes.get(one[0]) not in ('"H"', '"H#42;"')]
    assert len(labelled) == len(leading)
    assert text.count("↺ ") == len(transitions) - len(leading)
    agree, within, due = (("must agree: ", "within ", "on the day of ") if language == "en"
                          else ("须同意：", "限 ", "到期日为"))
    # A line may end within a phrase: between two words, and in Chinese anywhere.
    words = text.replace("<br/>", " " if language == "en" else "")
    by_day = sum("due" in one for one in deadlines)
    assert words.count(agree) == len(approvals)
    assert words.count(within) == len(deadlines) - by_day
    assert words.count(due) == by_day
    texts, complaints = svg(run("graph", name, "--lang", language, "--format", "dot").stdout)
    assert complaints == ""
    for state in states:
        if state["kind"] != "history":
            assert state["title"][language] in texts
    # What the protocol gives is the same, in the person's language.
    reader = people("li" if language == "en" else "zhao")
    assert reader.call("workflow.graph", workflow=name)["text"] == text
    with_dot = reader.call("workflow.graph", workflow=name, format="dot")
    assert with_dot["format"] == "dot" and with_dot["text"].startswith("digraph ")


HOSTILE = '''return workflow "evil" { key = "EV",
  title = "a\\"; x [URL=\\"http://x\\"] <!-- \\n---\\nflowchart",
  state "one" { title = "%s",
    on "go" { by = "anyone", to = "two", title = "\\"| s1 --> s9 <IMG SRC='/etc/passwd'/>" } },
  final "two" { title = "end ]) click s1 callback \\\\N \\\\G" },
}
'''


@pytest.mark.parametrize("title", ["]] --> x", '\\"); click s1 href', "<script>alert(1)</script>", "&lt;b&amp;#35;",
                                   "`**bold**`", "%%{init: {}}%%", "\\\\\\\\ \\\\l \\\\N", "$$x$$ ~~~ @{ shape: x }",
                                   "1. first", "中文“引号”；", ""])
def test_graph_keeps_what_strangers_write_in_its_place(run, folder, title):
    path = os.path.join(folder, "evil.lua")
    with open(path, "w") as file:
        file.write(HOSTILE % title)
    _, nodes, frames, edges = mermaid(run("graph", path).stdout)
    assert (set(nodes), frames) == ({"d0", "s1", "s2"}, {})
    assert [(one[0], one[2]) for one in edges] == [("d0", "s1"), ("s1", "s2")]
    done = run("graph", path, "--format", "dot").stdout
    texts, complaints = svg(done)
    assert complaints == "" and "URL" not in re.sub(r"<<.*?>>", "", done)
    said = title.replace('\\"', '"').replace("\\\\", "\\")
    assert said.strip() == "" or said.split("\n")[0] in texts


def test_graph_takes_files_folders_and_names(run, server):
    team = os.path.join(server.site, "teams", "demo")
    shipped = run("graph", "issue").stdout
    assert run("graph", server.site, "issue").stdout == shipped
    assert run("graph", team, "issue").stdout == shipped
    assert "name one of " in run("graph", server.site, code=1).stderr
    assert "no workflow isue" in run("graph", server.site, "isue", code=1).stderr
    assert "did you mean issue?" in run("graph", "isue", code=1).stderr
    assert "expected mermaid, dot or svg" in run("graph", "issue", "--format", "png", code=2).stderr
    assert "expected en or zh" in run("graph", "issue", "--lang", "de", code=2).stderr
    broken = os.path.join(team, "workflows", "broken.lua")
    with open(broken, "w") as file:
        file.write('return workflow "broken" { key = "BR", state "a" { on "x" { to = "b" } } }\n')
    assert "broken.lua:1" in run("graph", broken, code=1).stderr


def test_graph_svg_is_drawn_by_dot(run, folder):
    path = os.path.join(folder, "issue.svg")
    run("graph", "issue", "--format", "svg", "--output", path)
    assert xml.etree.ElementTree.parse(path).getroot().tag.endswith("svg")
    assert run("graph", "issue", "--format", "svg").stdout.startswith("<?xml")
    # Without dot it says so, and leaves nothing half made.
    bare = os.path.join(folder, "bare")
    os.mkdir(bare)
    done = run("graph", "issue", "--format", "svg", "--output", os.path.join(folder, "none.svg"),
               code=1, env={"PATH": bare})
    assert "dot, which is not installed" in done.stderr and "install graphviz" in done.stderr
    assert not os.path.exists(os.path.join(folder, "none.svg"))


def test_graph_of_a_case_marks_its_way(people, run, server, folder):
    case = Case(people, "change_request", "mei", summary="Export", reason="Audit")
    case.fire("mei", "submit")
    case.fire("li", "return", comment="Say why")
    case.fire("mei", "submit")
    case.fire("li", "accept")
    text = people("li").call("case.diagram", case=case.key)["text"]
    _, nodes, frames, edges = mermaid(text)
    taken = re.findall(r'^  (s\d+) ==>\|"([^"<]*)', text, re.MULTILINE)
    assert [label for _, label in taken] == ["Submit", "Accept for assessment", "Return"]
    active = re.findall(r'"<b>([^<]*)</b>[^\n]*:::active', text)
    assert sorted(active) == ["Estimating", "Pricing"]
    # The client is shown its way, and nothing of where it might have gone or of who decides.
    text = people("mei").call("case.diagram", case=case.key)["text"]
    _, nodes, frames, edges = mermaid(text)
    assert {re.sub("<.*?>|\"", "", one) for one in nodes.values()} == {
        " ", "Draft", "Screening", "Estimating", "Pricing"}
    for word in ("ccb", "sponsor", "owner", "pm", "within", "Deciding", "Rejected", "Cost", "Reject"):
        assert word not in text
    texts, complaints = svg(people("mei").call("case.diagram", case=case.key, format="dot")["text"])
    assert complaints == "" and "Screening" in texts and "Deciding" not in texts
    done = run("case", "diagram", case.key, "--format", "svg", "--site", server.site, "--as", "zhao").stdout
    assert "技术评估中" in done


def test_graph_is_the_teams_own(people, refuses):
    refuses("forbidden", people("mei"), "workflow.graph", workflow="issue")
    refuses("not_found", people("li"), "workflow.graph", workflow="isue")
    refuses("not_found", people("mei"), "case.diagram", case="CR-99")
    refuses("invalid", people("li"), "workflow.graph", workflow="issue", format="png")


def test_graph_has_its_judge():
    assert shutil.which("dot"), "the tests of drawings need graphviz"
