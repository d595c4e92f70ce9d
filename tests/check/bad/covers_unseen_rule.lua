-- SPDX-License-Identifier: Apache-2.0
-- In the client's own rule.
-- expect: covers-unseen 11:99
return workflow "covers_unseen_rule" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  fields = { what = text {}, cost = money {} }, internal = { margin = money {} },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { covers = { "what" }, rule =
      all_of { one_of "pm" { nobody = "reject" }, one_of "client" { nobody = "reject", covers = { "margin" } } },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
