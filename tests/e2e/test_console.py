# SPDX-License-Identifier: Apache-2.0
"""The console's files as HTTP serves them. What its pages do is judged in tests/browser."""
import gzip
import re

import pytest
from http_help import fetch, web  # noqa: F401

# By the words, directive by directive.
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data:",
    "font-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"}


@pytest.fixture
def served(web):  # noqa: F811
    server = web()
    if fetch(server, "/console/")[0] == 404:
        pytest.skip("this program was built without its console")
    return server


def page(server, path="/console/"):
    status, fields, body = fetch(server, path)
    assert status == 200
    return fields, gzip.decompress(body).decode()


def named(text):
    return re.findall(r'(?:src|href)="(/[^"]+)"', text)


@pytest.mark.parametrize("path", ["/console/", "/console/case/CR-1", "/portal/", "/portal/any/depth"])
def test_a_page_lets_nothing_in_but_what_is_ours_and_is_asked_for_anew(served, path):
    fields, text = page(served, path)
    assert set(map(str.strip, fields["Content-Security-Policy"].split(";"))) == POLICY
    assert fields["Content-Type"] == "text/html; charset=utf-8" and fields["Cache-Control"] == "no-cache"
    assert fields["X-Content-Type-Options"] == "nosniff" and fields["X-Frame-Options"] == "DENY"
    assert fields["Referrer-Policy"] == "no-referrer" and fields["Content-Encoding"] == "gzip"
    # Such a policy would stop them.
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\bon\w+=|style=", text)
    assert fetch(served, path, If_None_Match=fields["ETag"])[::2] == (304, b"")


def test_what_a_page_names_is_there_and_may_be_kept_for_ever(served):
    for path in ("/console/", "/portal/"):
        names = named(page(served, path)[1])
        assert any(name.endswith(".js") for name in names) and any(name.endswith(".css") for name in names)
        for name in names:
            assert re.search(r"-[A-Z0-9]{8}\.(js|css)$", name), "no hash of its content in its name"
            status, fields, body = fetch(served, name)
            assert status == 200 and gzip.decompress(body)
            assert fields["Cache-Control"] == "public, max-age=31536000, immutable"
            assert fields.get_content_type() in ("text/javascript", "text/css")


def test_what_is_not_there_is_no_page(served):
    for path in ("/console/assets/x.js", "/console/assets/../", "/console/assets/"):
        assert fetch(served, path)[0] == 404


def test_the_root_leads_there(served):
    status, _, body = fetch(served, "/")
    assert status == 200 and body == fetch(served, "/console/")[2]
