-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the first always is taken.
return workflow "never_taken_always" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" {
    always { when = { priority = is "high" }, to = "done" },
    always { to = "b" },
  },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
