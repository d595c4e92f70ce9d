-- SPDX-License-Identifier: Apache-2.0
-- A deadline that does nothing is none; one of the workflow counts for an approval.
-- expect: waits-for-ever 8:3
return workflow "waits_without_rungs" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule = one_of "sponsor" { nobody = "reject" }, approved = "done", rejected = "a" },
    within { "2 days" },
  },
  final "done",
}
