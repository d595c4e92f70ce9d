-- SPDX-License-Identifier: Apache-2.0
-- The good twin: all events are taken before.
return workflow "never_taken_star" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" {
    on "stop" { by = "pm", to = "done" },
    on "*" { by = "anyone", to = "b" },
  },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
