-- SPDX-License-Identifier: Apache-2.0
-- The good twin: both leave, to different places.
return workflow "regions_conflict_out" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  parallel "both" {
    state "one" { state "x" { on "stop" { by = "pm", to = "done" } } },
    state "two" { state "v" { on "stop" { by = "sponsor", to = "dropped" } } },
  },
  final "done",
  final "dropped",
}
