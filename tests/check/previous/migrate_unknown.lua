-- SPDX-License-Identifier: Apache-2.0
-- The version before.
return workflow "migrate_unknown" {
  key = "XX", version = 1, roles = { "pm" },
  start = "asked",
  state "asked" { on "go" { by = "pm", to = "over" } },
  final "over",
}
