-- SPDX-License-Identifier: Apache-2.0
-- The good twin: one of several.
return workflow "role_client_in_a_list" {
  key = "CK", client = "none",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = { "pm", "sponsor" }, to = "done" } },
  final "done",
}
