-- SPDX-License-Identifier: Apache-2.0
-- Through a completed state.
-- expect: cycle-without-people 10:5
-- expect: no-end 10:5
return workflow "cycle_done" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "work" }, on "end" { by = "pm", to = "done" } },
  state "work" { start = "x", done = "rest",
    state "x" { after "1 hour" { to = "y" } },
    final "y",
  },
  state "rest" { after "1 day" { to = "work" } },
  final "done",
}
