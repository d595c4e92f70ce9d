-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a task that nobody ticks off.
return workflow "role_task_unseen" {
  key = "CK", client = "none",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    tasks { task "sign" { by = "pm" }, done = "done" } },
  final "done",
}
