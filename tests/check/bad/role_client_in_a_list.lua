-- SPDX-License-Identifier: Apache-2.0
-- One of several.
-- expect: role-nobody 7:38
return workflow "role_client_in_a_list" {
  key = "CK", client = "none",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = { "pm", "client" }, to = "done" } },
  final "done",
}
