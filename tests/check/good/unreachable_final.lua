-- SPDX-License-Identifier: Apache-2.0
-- The good twin: an end that no way leads to.
return workflow "unreachable_final" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "done" }, on "drop" { by = "pm", to = "dropped" } },
  final "done",
  final "dropped" { outcome = "dropped" },
}
