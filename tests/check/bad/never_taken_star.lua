-- SPDX-License-Identifier: Apache-2.0
-- All events are taken before.
-- expect: never-taken 9:5
return workflow "never_taken_star" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" {
    on "*" { by = "anyone", to = "b" },
    on "stop" { by = "pm", to = "done" },
  },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
