-- SPDX-License-Identifier: Apache-2.0
-- The good twin: one person opened it.
return workflow "approval_two_openers" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      at_least(2) { "requester", "pm" } { nobody = "reject" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
