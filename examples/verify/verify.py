#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Verifies a certificate of Signoff without Signoff: written from the description in README.md
beside it alone. Needs python3 and python3-cryptography (Debian).

    verify.py FILE [--key HEX]      0: whole; 1: not; 2: cannot be read

It says what was decided, by whom, and to exactly what. --key is the site's public key as whoever
runs the site tells it; without it only this is shown, that whoever has the key in the file signed
all of it.
"""
import argparse
import base64
import binascii
import datetime
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BEGIN, END = b"<!--signoff-certificate-1\n", b"\n-->\n"
MEMBERS = {"contents", "entries", "key", "said", "signature", "statement"}
STATEMENT = {"at", "case", "case_seq", "hash", "page", "team", "v", "whole"}
HEADER = {"v", "team", "seq", "case", "case_seq", "at", "actor", "on_behalf", "channel", "kind",
          "rules", "prev", "case_prev", "shared", "internal"}


class Broken(Exception):
    """The file is no certificate as it was made."""


def expect(holds, what):
    if not holds:
        raise Broken(what)


def canonical(value):
    """RFC 8785, of strings, integers, null, lists and objects; others are not used."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{%s}" % b",".join(canonical(n) + b":" + canonical(value[n]) for n in names)
    if isinstance(value, list):
        return b"[%s]" % b",".join(map(canonical, value))
    expect(not isinstance(value, float), "a number that is no integer")
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def read_json(data, what):
    """The value, whose only spelling these bytes are."""
    try:
        value = json.loads(data.decode("utf-8"))
        again = canonical(value)
    except (ValueError, RecursionError):
        raise Broken(what + " is no JSON") from None
    expect(again == data, what + " is not spelled as it has to be")
    return value


def digest(domain, *pieces):
    return hashlib.sha256(bytes([domain]) + b"".join(pieces)).hexdigest()


def hexadecimal(text, n, what):
    expect(isinstance(text, str) and len(text) == 2 * n and set(text) <= set("0123456789abcdef"), what)
    return bytes.fromhex(text)


def unpack(data):
    """(the JSON, the page's bytes or None)"""
    at = data.rfind(BEGIN)
    if at < 0:
        return data, None
    expect(data.endswith(END), "the page's end is not that of a certificate")
    text = data[at + len(BEGIN):-len(END)]
    try:
        proof = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Broken("the proof at the page's end is not in base64") from None
    expect(base64.b64encode(proof) == text, "the proof at the page's end is not spelled as it has to be")
    return proof, data[:at]


def check_entries(entries, statement):
    """Follows the chain; gives the last header, the last shared part, how many were redacted."""
    before, redacted, header, part = None, 0, None, None
    for number, entry in enumerate(entries, 1):
        where = "entry %d: " % number
        expect(isinstance(entry, dict) and set(entry) == {"header", "salt", "shared"}, where + "its members")
        expect(isinstance(entry["header"], str), where + "it has no header")
        header = read_json(entry["header"].encode("utf-8"), where + "its header")
        expect(isinstance(header, dict) and set(header) == HEADER and header["v"] == 1,
               where + "its header is not of format 1")
        expect(header["case_prev"] == before, where + "it does not follow on the one before it")
        expect(header["case_seq"] == number, where + "its number")
        expect(header["case"] == statement["case"] and header["team"] == statement["team"],
               where + "it is of another case")
        before = digest(0, entry["header"].encode("utf-8"))
        part = None
        if entry["shared"] is None:
            expect(entry["salt"] is None, where + "a salt of nothing")
            redacted += header["shared"] is not None
            continue
        salt = hexadecimal(entry["salt"], 16, where + "its salt")
        expect(digest(1, salt, entry["shared"].encode("utf-8")) == header["shared"],
               where + "its shared part is not what was sealed")
        part = read_json(entry["shared"].encode("utf-8"), where + "its shared part")
    expect(header is not None and before == statement["hash"] and statement["case_seq"] == len(entries),
           "its last entry is not the one that was signed")
    expect(isinstance(part, dict), "the entry that decided holds nothing")
    return header, part, redacted


def verify(data, key=None):
    """What the certificate proves; Broken says why it proves nothing."""
    proof, page = unpack(data)
    expect(proof.endswith(b"\n"), "it does not end with a line feed")
    all_ = read_json(proof[:-1], "the certificate")
    expect(isinstance(all_, dict) and set(all_) == MEMBERS, "it has not the members of a certificate")
    statement, entries, contents = all_["statement"], all_["entries"], all_["contents"]
    expect(isinstance(statement, dict) and set(statement) == STATEMENT and statement["v"] == 1, "its statement")
    expect(isinstance(entries, list) and isinstance(contents, list), "its entries and contents are no lists")
    expect(key is None or key == all_["key"], "it was signed by another key: " + str(all_["key"]))
    public = Ed25519PublicKey.from_public_bytes(hexadecimal(all_["key"], 32, "its key"))
    try:
        public.verify(hexadecimal(all_["signature"], 64, "its signature"), b"\x04" + canonical(statement))
    except InvalidSignature:
        raise Broken("the signature is not over what it states") from None
    whole = {name: all_[name] for name in ("contents", "entries", "said")}
    expect(digest(6, canonical(whole)) == statement["whole"], "what it holds is not what was signed")
    expect(statement["page"] == (None if page is None else digest(7, page)),
           "the page is not the one that was signed")
    header, part, redacted = check_entries(entries, statement)
    agreed = {digest(2, canonical(content)): content for content in contents}
    ballots = part.get("decided", [])
    expect(set(agreed) <= {ballot.get("digest") for ballot in ballots},
           "it holds a content that no ballot agreed to")
    return {"team": header["team"], "case": header["case"], "decided_at": header["at"],
            "signed_at": statement["at"], "key": all_["key"], "entries": len(entries), "redacted": redacted,
            "page": page is not None, "outcome": part.get("outcome"),
            "rounds": [r for r in part.get("round", []) if "ended" in r],
            "ballots": [dict(b, content=agreed.get(b.get("digest"))) for b in ballots]}


def time(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")


def show(found, known):
    print("whole: %(case)s of the team %(team)s, %(entries)d entries" % found)
    for r in found["rounds"]:
        manner = r["ended"].get("manner")
        print("  %s in %s, round %d, %s" % (r["ended"]["outcome"] + (" (%s)" % manner if manner else ""),
                                            r["approval"], r["number"], time(found["decided_at"])))
    for b in found["ballots"]:
        print("  %s: %s%s, %s" % (b["person"], b["choice"],
                                  " on behalf of " + b["on_behalf"] if b.get("on_behalf") else "", time(b["at"])))
        for name, value in ((b["content"] or {}).get("fields") or {}).items():
            print("      %s: %s" % (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))
    if found["redacted"]:
        print("  parts removed since: %d" % found["redacted"])
    print("  signed %s by the key %s%s" % (time(found["signed_at"]), found["key"],
                                           "" if known else " (is it the site's? ask whoever runs it)"))


def main():
    parser = argparse.ArgumentParser(description="Verifies a certificate of Signoff without Signoff.")
    parser.add_argument("file")
    parser.add_argument("--key", help="the site's public key, 64 hex digits")
    parser.add_argument("--json", action="store_true", help="what it proves as one line of JSON")
    given = parser.parse_args()
    try:
        with open(given.file, "rb") as file:
            found = verify(file.read(), given.key)
    except OSError as error:
        print("%s: %s" % (given.file, error.strerror), file=sys.stderr)
        return 2
    except Broken as error:
        print("%s: not a certificate as it was made: %s" % (given.file, error), file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        show(found, given.key is not None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
