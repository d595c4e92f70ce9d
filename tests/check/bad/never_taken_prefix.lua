-- SPDX-License-Identifier: Apache-2.0
-- Claim takes claim.late, too.
-- expect: never-taken 9:5
return workflow "never_taken_prefix" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" {
    on "claim" { by = { "pm", "client" }, to = "b" },
    on "claim.late" { by = "client", to = "done" },
  },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
