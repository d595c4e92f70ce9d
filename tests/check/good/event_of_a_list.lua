-- SPDX-License-Identifier: Apache-2.0
-- The good twin: one of two is never fired.
return workflow "event_of_a_list" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { enter = { emit "one", emit "two.late" }, on { "one", "two" } { to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
