-- SPDX-License-Identifier: Apache-2.0
-- One region leaves, the other one would go on.
-- expect: regions-conflict 10:7
return workflow "regions_conflict" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  parallel "both" {
    state "one" { state "x" { on "stop" { by = "pm", to = "done" }, on "go" { by = "pm", to = "y" } }, final "y" },
    state "two" { state "v" {
      on "stop" { by = "pm", to = "w" } }, final "w" },
    done = "done",
  },
  final "done",
}
