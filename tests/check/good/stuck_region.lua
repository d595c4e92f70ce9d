-- SPDX-License-Identifier: Apache-2.0
-- The good twin: one region never comes to an end, so the other one waits for ever.
return workflow "stuck_region" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  parallel "both" {
    state "one" { state "x" { on "go" { by = "pm", to = "y" } }, final "y" },
    state "two" { state "v" { owner = "pm", on "ok" { by = "pm", to = "w" } }, final "w" },
    done = "done",
  },
  final "done",
}
