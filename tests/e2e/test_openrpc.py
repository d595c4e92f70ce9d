# SPDX-License-Identifier: Apache-2.0
"""rpc.discover is an OpenRPC document by the published meta-schema: openrpc_meta_schema.json is that
of npm's @open-rpc/meta-schema 1.14.9 (Apache-2.0), unchanged."""
import copy
import json
import os

import jsonschema
import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
DRAFT = jsonschema.Draft7Validator.META_SCHEMA
# The meta-schema points to one of JSON Schema's draft 7 under a name of its own.
ALIAS = {**DRAFT, "definitions": {**DRAFT["definitions"], "JSONSchemaObject": {
    "properties": {"$ref": {"type": "string"}}}}}


@pytest.fixture
def document(people):
    return people("li").call("rpc.discover")


@pytest.fixture(scope="session")
def mistakes():
    with open(os.path.join(HERE, "openrpc_meta_schema.json"), encoding="utf-8") as f:
        meta = json.load(f)
    resolver = jsonschema.RefResolver.from_schema(meta, store={
        "https://meta.json-schema.tools/": ALIAS, "https://meta.json-schema.tools": ALIAS,
        "http://json-schema.org/draft-07/schema": DRAFT})
    validator = jsonschema.Draft7Validator(meta, resolver=resolver)
    return lambda document: [e.message for e in validator.iter_errors(document)]


def test_discover_is_openrpc(document, mistakes):
    assert mistakes(document) == []
    names = [m["name"] for m in document["methods"]]
    assert len(names) == len(set(names)) > 50
    for method in document["methods"]:
        params = [p["name"] for p in method["params"]]
        assert len(params) == len(set(params)), method["name"]
        for param in method["params"]:
            jsonschema.Draft7Validator.check_schema(param["schema"])
        for error in method["errors"]:  # where it points there is something
            at = document
            for word in error["$ref"].lstrip("#/").split("/"):
                at = at[word]
            assert at["code"] and at["message"]


@pytest.mark.parametrize("spoil", [
    lambda d: d.pop("info"), lambda d: d["info"].pop("version"), lambda d: d.update(openrpc="9"),
    lambda d: d["methods"][0].pop("params"), lambda d: d["methods"][0]["params"].append({"name": "x"}),
    lambda d: d["methods"][0].update(paramStructure="by-chance"), lambda d: d.update(access="x"),
    lambda d: next(m for m in d["methods"] if m["params"])["params"][0].update(schema={"type": "text"}),
])
def test_the_meta_schema_finds_what_is_wrong(document, mistakes, spoil):
    spoilt = copy.deepcopy(document)
    spoil(spoilt)
    assert mistakes(spoilt) != []
