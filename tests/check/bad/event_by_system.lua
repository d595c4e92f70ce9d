-- SPDX-License-Identifier: Apache-2.0
-- The same, said in words.
-- expect: event-nobody 7:15
return workflow "event_by_system" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "paid" { by = "system", to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
