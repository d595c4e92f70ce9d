-- SPDX-License-Identifier: Apache-2.0
-- The good twin: one after the other; the two sides are never one person.
return workflow "approval_one_person_in_order" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      in_order { one_of "pm" { nobody = "reject" }, one_of "client" { nobody = "reject" } },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
