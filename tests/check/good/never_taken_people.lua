-- SPDX-License-Identifier: Apache-2.0
-- The good twin: one role of two; roles may lead to different targets.
return workflow "never_taken_people" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" {
    on "go" { by = "sponsor", to = "done" },
    on "go" { by = { "pm", "sponsor" }, to = "b" },
  },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
