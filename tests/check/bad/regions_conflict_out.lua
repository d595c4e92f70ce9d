-- SPDX-License-Identifier: Apache-2.0
-- Both leave, to different places.
-- expect: regions-conflict 9:31
return workflow "regions_conflict_out" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  parallel "both" {
    state "one" { state "x" { on "stop" { by = "pm", to = "done" } } },
    state "two" { state "v" { on "stop" { by = { "pm", "sponsor" }, to = "dropped" } } },
  },
  final "done",
  final "dropped",
}
