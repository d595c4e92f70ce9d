-- SPDX-License-Identifier: Apache-2.0
-- The good twin: in the client's own rule.
return workflow "covers_unseen_rule" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  fields = { what = text {}, cost = money {} }, internal = { margin = money {} },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { covers = { "what" }, rule =
      all_of { one_of "pm" { nobody = "reject", covers = { "margin" } }, one_of "client" { nobody = "reject" } },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
