-- SPDX-License-Identifier: Apache-2.0
-- The version before has no state of that name; its state "asked" keeps its cases.
-- expect: migrate-unknown 7:3
-- expect: migrate-state 7:3
return workflow "migrate_unknown" {
  key = "XX", version = 2, roles = { "pm" }, start = "waiting",
  migrate { from = 1, states = { askd = "waiting" } },
  state "waiting" { on "go" { by = "pm", to = "over" } },
  final "over",
}
