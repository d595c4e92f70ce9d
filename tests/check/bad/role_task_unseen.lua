-- SPDX-License-Identifier: Apache-2.0
-- A task that nobody ticks off.
-- expect: role-nobody 8:32
return workflow "role_task_unseen" {
  key = "CK", client = "none",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    tasks { task "sign" { by = "client" }, done = "done" } },
  final "done",
}
