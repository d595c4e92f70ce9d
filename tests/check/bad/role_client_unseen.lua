-- SPDX-License-Identifier: Apache-2.0
-- Nobody of the client sees the case.
-- expect: role-nobody 7:30
return workflow "role_client_unseen" {
  key = "CK", client = "none",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "client", to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
