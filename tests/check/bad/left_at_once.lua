-- SPDX-License-Identifier: Apache-2.0
-- Its owner never has it.
-- expect: left-at-once 9:5
return workflow "left_at_once" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" } },
  state "b" { owner = "pm",
    always { to = "c" },
  },
  state "c" { on "end" { by = "pm", to = "done" } },
  final "done",
}
