-- SPDX-License-Identifier: Apache-2.0
-- A state of the version before has no counterpart.
-- expect: migrate-state 7:3
return workflow "migrate_state" {
  key = "XX", version = 2, roles = { "pm" }, fields = { note = text {} },
  start = "draft",
  migrate { from = 1, states = { checking = "waiting" } },
  state "draft" { edit = { pm = "all" }, on "send" { by = "pm", needs = { "note" }, to = "waiting" } },
  state "waiting" { on "end" { by = "pm", to = "over" } },
  final "over",
}
