-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the state is complete and leads nowhere.
return workflow "stuck_inner_final" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "work" { start = "a", done = "done",
    state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
    final "b",
  },
  final "done",
}
