-- SPDX-License-Identifier: Apache-2.0
-- An end that no way leads to.
-- expect: unreachable-state 9:3
return workflow "unreachable_final" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "done" } },
  final "done",
  final "dropped" { outcome = "dropped" },
}
