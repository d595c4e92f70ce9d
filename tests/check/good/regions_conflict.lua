-- SPDX-License-Identifier: Apache-2.0
-- The good twin: one region leaves, the other one would go on.
return workflow "regions_conflict" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  parallel "both" {
    state "one" { state "x" { on "go" { by = "pm", to = "y" } }, final "y" },
    state "two" { state "v" { on "go" { by = "pm", to = "w" } }, final "w" },
    on "stop" { by = "pm", to = "done" },
    done = "done",
  },
  final "done",
}
