-- SPDX-License-Identifier: Apache-2.0
-- No person owns it.
-- expect: role-nobody 7:23
return workflow "role_owner_system" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { owner = "system", on "end" { by = "pm", to = "done" } },
  final "done",
}
