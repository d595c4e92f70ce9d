-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the deadline around it stands still while it waits.
return workflow "waits_while_paused" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "work" { start = "a",
    within "whole" { "10 days", late "0" { notify "sponsor" } },
    state "a" { on "ask" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
    state "b" { waiting_for = "client", on "answer" { by = "client", to = "a" },
      within "answer" { "5 days", late "0" { remind "client" } } },
  },
  final "done",
}
