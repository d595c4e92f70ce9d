-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the same, said in words.
return workflow "event_by_system" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "paid" { by = { "system", "pm" }, to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
