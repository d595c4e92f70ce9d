-- SPDX-License-Identifier: Apache-2.0
-- Words are compared, not their beginnings.
-- expect: event-nobody 8:37
-- expect: event-lost 8:23
return workflow "event_other_name" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { enter = emit "begin", on "begins" { to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
