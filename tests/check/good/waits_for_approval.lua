-- SPDX-License-Identifier: Apache-2.0
-- The good twin: nobody need ever vote.
return workflow "waits_for_approval" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule = one_of "sponsor" { nobody = "reject" }, approved = "done", rejected = "a" },
    within { "2 days", late "0" { remind "pending" } },
  },
  final "done",
}
