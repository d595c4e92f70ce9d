-- SPDX-License-Identifier: Apache-2.0
-- The same event twice.
-- expect: never-taken 9:5
return workflow "never_taken_twice" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" {
    on "go" { by = "pm", to = "done" },
    on "go" { by = "pm", to = "b" },
    on "ask" { by = "pm", to = "b" },
  },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
