-- SPDX-License-Identifier: Apache-2.0
-- The good twin: whoever is both decides alone.
return workflow "approval_one_person" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { distinct = true, rule =
      all_of { one_of "pm" { nobody = "reject" }, one_of "sponsor" { nobody = "reject" } },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
