-- SPDX-License-Identifier: Apache-2.0
-- One of two is never fired.
-- expect: event-nobody 7:35
return workflow "event_of_a_list" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { enter = emit "one", on { "one", "two" } { to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
