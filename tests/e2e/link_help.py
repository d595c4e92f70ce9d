# SPDX-License-Identifier: Apache-2.0
"""What the tests of sign-off links share: a site with a sheet to be agreed to, and a visitor who has
nothing but an address."""
import html.parser
import os
import re
import urllib.parse

import pytest
from http_help import fetch

SHEET = """
return workflow "sheet" {
  key = "SH", version = 1, client = "project",
  title = { en = "Sheet", zh = "确认单" },
  roles = { "pm", "sponsor", "client" },
  fields = {
    body = text { title = { en = "What is agreed", zh = "约定内容" } },
    price = money {}, note = text {}, plan = file {},
  },
  internal = { margin = text {} },
  start = "draft",
  state "draft" { owner = "pm", edit = { pm = "all" }, on "ask" { by = "pm", to = "asked" } },
  state "asked" { edit = { pm = "all" },
    title = { en = "Asked", zh = "待确认" },
    approval { covers = { "body", "price", "plan" }, rule = one_of "client" {},
      approved = "agreed", rejected = "refused", deferred = "parked", changes = "draft" },
    within { "5 days", late "0" { decide "approved" { as = "deemed" } } },
    on "recall" { by = "pm", to = "draft" },
  },
  state "parked" { owner = "pm", on "ask" { by = "pm", to = "asked" } },
  final "agreed" {}, final "refused" {},
}
"""

# First the project manager, then the client: two steps, each with a link of its own.
STEPS = """
return workflow "steps" {
  key = "ST", version = 1, client = "project",
  roles = { "pm", "client" },
  fields = { body = text {} },
  start = "asked",
  state "asked" {
    approval { covers = { "body" }, rule = in_order { one_of "pm" {}, one_of "client" {} },
      approved = "last", rejected = "refused" },
  },
  state "last" { approval { covers = { "body" }, rule = one_of "client" {},
      approved = "agreed", rejected = "refused" } },
  final "agreed" {}, final "refused" {},
}
"""


@pytest.fixture
def desk(make_server, folder):
    """desk(net="..."): a demo site on virtual time that speaks HTTP and has both workflows."""
    def start(**sections):
        def prepare(server):
            demo = os.path.join(server.site, "teams", "demo")
            for name, text in (("sheet", SHEET), ("steps", STEPS)):
                with open(os.path.join(demo, "workflows", name + ".lua"), "w", encoding="utf-8") as f:
                    f.write(text)
            script = os.path.join(demo, "team.lua")
            with open(script, encoding="utf-8") as f:
                text = f.read()
            with open(script, "w", encoding="utf-8") as f:
                f.write(text.replace('use "issue",', 'use "issue", use "sheet", use "steps",'))
            with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
                for section, lines in sections.items():
                    f.write("\n[%s]\n%s\n" % (section, lines))
        return make_server(os.path.join(folder, "site"), "--demo", prepare=prepare,
                           arguments=["--http", "127.0.0.1:0"])
    return start


def ask(li, fields=None):
    """A sheet that its client is asked to agree to."""
    key = li.call("case.open", workflow="sheet", project="acme-erp",
                  fields=fields or {"body": "Ten <b>seats</b>", "price": "500.00", "note": "by phone",
                                    "margin": "SECRET-MARGIN"})["case"]
    li.call("case.fire", case=key, event="ask")
    return key


def link(li, key, person="mei", **more):
    return li.call("link.create", case=key, person=person, **more)


class Reader(html.parser.HTMLParser):
    """The form of a page as a program finds it, what is read on it, and what it would fetch or run."""

    def __init__(self, text):
        super().__init__()
        self.inputs, self.words, self.tags, self.fetched = {}, [], [], []
        self.choices, self.hidden = [], 0
        self.feed(text)
        self.text = " ".join(self.words)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        self.hidden += tag == "style"
        self.fetched += [attrs[a] for a in ("src", "srcset", "data") if a in attrs]
        self.fetched += [a for a in attrs if a.startswith("on")]
        if tag in ("input", "textarea"):
            assert attrs.get("type") != "hidden"
            if attrs.get("type") == "radio":
                self.choices.append(attrs["value"])
                if "checked" in attrs:
                    self.inputs[attrs["name"]] = attrs["value"]
            else:
                self.inputs[attrs["name"]] = attrs.get("value", "")

    def handle_endtag(self, tag):
        self.hidden -= tag == "style"

    def handle_data(self, data):
        if not self.hidden and data.strip():
            self.words.append(data.strip())


class Visitor:
    def __init__(self, server, path, language="en", **fields):
        self.server, self.path, self.language = server, path, language
        self.fields = {"Accept-Language": language, "User-Agent": "Test browser/1.0", **fields}

    def get(self, query=""):
        status, fields, body = fetch(self.server, self.path + query, **self.fields)
        return status, fields, body.decode("utf-8")

    def code(self):
        """As a reader finds it on the page."""
        return re.search(r'class="code">([A-Z0-9]{6})<', self.get()[2]).group(1)

    def post(self, **typed):
        data = urllib.parse.urlencode(typed).encode()
        status, _, body = fetch(self.server, self.path, data,
                                **{"Content-Type": "application/x-www-form-urlencoded",
                                   **self.fields})
        return status, body.decode("utf-8")

    def answer(self, choice="approve", name="Mei Lin", **more):
        return self.post(choice=choice, name=name, **{"code": self.code(), **more})
