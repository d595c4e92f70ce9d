-- SPDX-License-Identifier: Apache-2.0
-- The first always is taken.
-- expect: never-taken 9:5
return workflow "never_taken_always" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" {
    always { to = "b" },
    always { when = { priority = is "high" }, to = "done" },
  },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
