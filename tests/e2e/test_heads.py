# SPDX-License-Identifier: Apache-2.0
"""The signed heads of a site: what was cut from the end of a history, or written anew, is found.

Signatures are checked by another library than the program's, over a text that is made here.
"""
import json
import os
import shutil
import subprocess

import databases as stores
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

pytestmark = pytest.mark.skipif(bool(stores.CHOICE), reason="the data are put back as a folder")
FIELDS = {"summary": "Add export", "reason": "Auditors ask for it"}


def opened(server):
    with server.client("mei") as mei:
        return mei.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS)


def verify(server, *words, code=0):
    done = subprocess.run([server.signoff, "verify", server.site, *words], text=True, timeout=120,
                          check=False, capture_output=True)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout + done.stderr


def kept(server):
    with open(os.path.join(server.site, "heads.json"), encoding="utf-8") as file:
        return json.load(file)


def put(server, name, source):
    """The folder of data, or the file of heads, is this one from now on."""
    path = os.path.join(server.site, name)
    if os.path.isdir(path):
        shutil.rmtree(path)
        shutil.copytree(source, path)
    else:
        shutil.copy(source, path)


def take(server, folder, name):
    path, copy = os.path.join(server.site, name), os.path.join(folder, "kept." + name)
    if os.path.isdir(path):
        shutil.copytree(path, copy)
    else:
        shutil.copy(path, copy)
    return copy


def signed(head, key):
    text = json.dumps({"v": 1, "team": head["team"], "seq": head["seq"], "hash": head["hash"],
                       "at": head["at_ms"]}, sort_keys=True, separators=(",", ":"))
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
        bytes.fromhex(head["signature"]), b"\x04" + text.encode())


def test_heads_are_signed_and_kept(server):
    entry = opened(server)["entry"]
    with server.client("operator") as operator, server.client("admin") as admin:
        key = admin.call("server.info")["public_key"]
        head = operator.call("audit.heads")["items"][0]
        last = admin.call("audit.export")["items"][-1]
        assert (head["seq"], head["hash"]) == (entry, last["hash"])
        assert head["at_ms"] == json.loads(last["header"])["at"]
        signed(head, key)
        with pytest.raises(InvalidSignature):
            signed({**head, "seq": head["seq"] + 1}, key)
        assert kept(server) == [{**{n: head[n] for n in ("team", "seq", "hash", "signature")},
                                 "at": head["at_ms"]}]
        assert admin.call("audit.verify")["signed"] == entry
    later = opened(server)["entry"]
    assert server.stop() == 0
    assert later > entry and kept(server)[0]["seq"] == later  # a stop signs, too
    assert "signed up to entry %d" % later in verify(server)


def test_an_end_that_is_missing_is_found(server, folder, refuses):
    before = opened(server)["entry"]
    assert server.stop() == 0
    old = take(server, folder, "data")
    server.start()
    last = opened(server)["entry"]
    assert server.stop() == 0
    heads = take(server, folder, "heads.json")
    put(server, "data", old)  # whole in itself: every entry, every row, up to there
    said = verify(server, code=1)
    assert "ends with entry %d" % before in said and "entry %d: the end is missing" % last in said

    # A server on it neither signs what is left nor forgets what there was.
    server.start()
    with server.client("operator") as operator, server.client("admin") as admin:
        assert "the end is missing" in str(refuses("invalid", operator, "audit.heads"))
        refuses("invalid", admin, "audit.verify")
    assert "the end is missing" in verify(server, code=1)
    # Others are written in their place: as many, and more.
    assert opened(server)["entry"] == last and opened(server)["entry"] > last
    assert server.stop() == 0
    assert kept(server)[0]["seq"] == last
    assert "entry %d is not the one that was signed" % last in verify(server, code=1)

    # Put back on purpose: without the file it goes on, and a copy of it still tells.
    os.remove(os.path.join(server.site, "heads.json"))
    assert "signed up to" not in verify(server)
    server.start()
    assert server.stop() == 0
    assert "signed up to" in verify(server)
    assert "was written anew" in verify(server, "--heads", heads, code=1)


def test_heads_that_were_changed_are_none(server, folder):
    opened(server)
    assert server.stop() == 0
    path = os.path.join(server.site, "heads.json")
    whole = take(server, folder, "heads.json")
    forged = kept(server)
    forged[0]["seq"] -= 1
    for text, why in ((json.dumps(forged), "not signed by the site's key"), ("{}", "signed heads"),
                      ("[{}]", "names no team"), ("\x00", "signed heads")):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        assert why in verify(server, code=1)
    put(server, "heads.json", whole)
    assert "signed up to" in verify(server)
    assert "not signed" in verify(server, "--key", "0" * 64, code=1)
    assert "64 hex digits" in verify(server, "--key", "12", code=1)
