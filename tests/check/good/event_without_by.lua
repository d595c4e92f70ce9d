-- SPDX-License-Identifier: Apache-2.0
-- The good twin: only the system, and nothing emits it.
return workflow "event_without_by" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "paid" { to = "done" }, on "end" { by = "pm", to = "done" }, on "pay" { by = "pm", run = emit "paid" } },
  final "done",
}
