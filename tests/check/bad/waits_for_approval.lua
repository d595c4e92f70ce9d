-- SPDX-License-Identifier: Apache-2.0
-- Nobody need ever vote.
-- expect: waits-for-ever 8:3
return workflow "waits_for_approval" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule = one_of "sponsor" { nobody = "reject" }, approved = "done", rejected = "a" },
  },
  final "done",
}
