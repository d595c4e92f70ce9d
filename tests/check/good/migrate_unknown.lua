-- SPDX-License-Identifier: Apache-2.0
-- The state is written as the version before calls it.
return workflow "migrate_unknown" {
  key = "XX", version = 2, roles = { "pm" }, start = "waiting",
  migrate { from = 1, states = { asked = "waiting" } },
  state "waiting" { on "go" { by = "pm", to = "over" } },
  final "over",
}
