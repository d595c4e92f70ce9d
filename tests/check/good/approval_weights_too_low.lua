-- SPDX-License-Identifier: Apache-2.0
-- The good twin: one person with five votes.
return workflow "approval_weights_too_low" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      weighted(6) { requester = 5, pm = 1 } { nobody = "reject" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
