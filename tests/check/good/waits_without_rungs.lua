-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a deadline that does nothing is none; one of the workflow counts for an approval.
return workflow "waits_without_rungs" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule = one_of "sponsor" { nobody = "reject" }, approved = "done", rejected = "a" },
  },
  within { "2 days", late "0" { notify "pm" } },
  final "done",
}
