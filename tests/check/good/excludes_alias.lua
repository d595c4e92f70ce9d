-- SPDX-License-Identifier: Apache-2.0
-- The good twin: one's own name for the opener.
return workflow "excludes_alias" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { exclude = { "requester" }, rule =
      one_of { "opener", "pm" } { nobody = "sponsor" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
