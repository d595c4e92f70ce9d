-- SPDX-License-Identifier: Apache-2.0
-- Only the system, and nothing emits it.
-- expect: event-nobody 7:15
return workflow "event_without_by" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "paid" { to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
