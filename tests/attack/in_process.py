# SPDX-License-Identifier: Apache-2.0
"""Runs an attack in a process of its own, without a server: what the sandbox alone does."""
import json
import os
import subprocess
import tempfile

LIMIT_SECONDS = 120  # generous: unstopped, an attack runs for years
SMALL = {"instructions": 2000000}


def ask(program, attack, limits=None, env=None, prefix=()):
    """The program's answer, or a text that says how it died."""
    question = dict(SMALL if limits is None else limits, calls=attack.calls, purpose=attack.part,
                    team=attack.part == "team")
    with tempfile.NamedTemporaryFile(suffix=".lua") as file:
        file.write(attack.source())
        file.flush()
        question["path"] = file.name
        try:
            done = subprocess.run([*prefix, program], input=json.dumps(question).encode(),
                                  capture_output=True, timeout=LIMIT_SECONDS, check=False,
                                  env=dict(os.environ, **(env or {})))
        except subprocess.TimeoutExpired:
            return "still running after %d s" % LIMIT_SECONDS
    if done.returncode != 0 or done.stderr:
        return "died with %d: %s" % (done.returncode, done.stderr.decode("utf-8", "replace")[:3000])
    return json.loads(done.stdout)


def as_text(part, end):
    """One call's end as the corpus writes it."""
    if end["status"] != "ok":
        return end["status"] + ": " + end["message"]
    answer = end["answer"]
    if part == "run" and len(answer) == 1 and list(answer[0]) == ["set"]:
        values = answer[0]["set"]
        if list(values) == ["name"]:
            return "answer: %s" % values["name"]["value"]
    return "answer: " + json.dumps(answer, ensure_ascii=False, sort_keys=True,
                                   separators=(",", ":"))


def ends(program, attack):
    """How the attack ended: one text, or one for each call."""
    answer = ask(program, attack)
    if isinstance(answer, str):
        return [answer]
    said = [m["message"] for m in answer["mistakes"]]
    if said:
        return ["load error: " + " | ".join(said)]
    return [as_text(attack.part, end) for end in answer["ends"]]
