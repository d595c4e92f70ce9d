-- SPDX-License-Identifier: Apache-2.0
-- One role of two; roles may lead to different targets.
-- expect: never-taken 9:5
return workflow "never_taken_people" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" {
    on "go" { by = { "pm", "sponsor" }, to = "b" },
    on "go" { by = "sponsor", to = "done" },
  },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
