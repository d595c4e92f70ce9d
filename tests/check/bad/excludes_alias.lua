-- SPDX-License-Identifier: Apache-2.0
-- One's own name for the opener.
-- expect: excludes-everybody 10:7
return workflow "excludes_alias" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { exclude = { "requester" }, rule =
      one_of "opener" { nobody = "sponsor" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
