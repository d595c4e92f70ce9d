-- SPDX-License-Identifier: Apache-2.0
-- The good twin: claim takes claim.late, too.
return workflow "never_taken_prefix" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" {
    on "claim.late" { by = "client", to = "done" },
    on "claim" { by = { "pm", "client" }, to = "b" },
  },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
