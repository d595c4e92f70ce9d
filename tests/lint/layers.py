# SPDX-License-Identifier: Apache-2.0
"""Includes point to lower ranks only.

A layer is a folder; two layers of one rank know nothing of each other. Inside its own
folder a file may include what it likes.
"""

import os

from common import files, finish, includes, root_argument

RANKS = {
    "engine/base": 0,
    "engine/calendar": 1,
    "engine/model": 1,
    "engine/store": 1,
    "dsl": 2,
    "engine/check": 2,
    "engine/core": 2,
    "engine/diagram": 2,
    "engine/report": 2,
    "engine/lane": 3,
    "engine/outbox": 4,
    "engine/rpc": 4,
    "engine/net": 5,
    "engine/console": 6,
    "engine/cli": 6,
    "engine": 7,  # main.c alone
}

# The one step sideways: a model keeps durations as values.
SIDEWAYS = {("engine/model", "engine/calendar")}


def layer_of(path):
    """The layer a file belongs to: the longest folder of the table that holds it."""
    folder = os.path.dirname(path)
    while folder and folder not in RANKS:
        folder = os.path.dirname(folder)
    return folder or None


def headers_by_name(root):
    """Name of a header, as an #include writes it -> the layers that have one."""
    homes = {}
    for path in files(root, [".h"], ["engine/", "dsl/"]):
        layer = layer_of(path)
        for name in {os.path.relpath(path, layer), os.path.basename(path)}:
            homes.setdefault(name, set()).add(layer)
    return homes


def judge(layer, quote, name, homes):
    """What is wrong with this include, or None."""
    there = homes.get(name)
    if there is None:
        return None if quote == "<" else f'"{name}" is no header of ours'
    if quote == "<":
        return f"<{name}> is a header of ours: write it in quotes"
    if layer in there:
        return None
    if len(there) > 1:
        return f'"{name}" is ambiguous: {", ".join(sorted(there))} each have one'
    (other,) = there
    if RANKS[other] < RANKS[layer] or (layer, other) in SIDEWAYS:
        return None
    return (
        f'{layer} (rank {RANKS[layer]}) must not include "{name}" of {other} (rank {RANKS[other]})'
    )


def look(root):
    homes = headers_by_name(root)
    findings = []
    looked = 0
    for path in files(root, [".c", ".h"], ["engine/", "dsl/"]):
        layer = layer_of(path)
        for number, quote, name in includes(root, path):
            looked += 1
            wrong = judge(layer, quote, name, homes)
            if wrong:
                findings.append(f"{path}:{number}: {wrong}")
    return looked, findings


if __name__ == "__main__":
    finish("layers", *look(root_argument()))
