-- SPDX-License-Identifier: Apache-2.0
-- Whoever is both decides alone.
-- expect: approval-one-person 10:7
return workflow "approval_one_person" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      all_of { one_of "pm" { nobody = "reject" }, one_of "sponsor" { nobody = "reject" } },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
