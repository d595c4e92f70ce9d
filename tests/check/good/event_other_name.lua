-- SPDX-License-Identifier: Apache-2.0
-- The good twin: words are compared, not their beginnings.
return workflow "event_other_name" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { enter = emit "begin", on "begin" { to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
