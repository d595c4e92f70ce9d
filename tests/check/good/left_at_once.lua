-- SPDX-License-Identifier: Apache-2.0
-- The good twin: its owner never has it.
return workflow "left_at_once" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" } },
  state "b" { owner = "pm",
    always { when = { priority = is "urgent" }, to = "c" },
    on "on" { by = "pm", to = "c" },
  },
  state "c" { on "end" { by = "pm", to = "done" } },
  final "done",
}
