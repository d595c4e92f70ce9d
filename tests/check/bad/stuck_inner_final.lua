-- SPDX-License-Identifier: Apache-2.0
-- The state is complete and leads nowhere.
-- expect: stuck-state 9:5
return workflow "stuck_inner_final" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "work" { start = "a",
    state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
    final "b",
  },
  final "done",
}
