-- SPDX-License-Identifier: Apache-2.0
-- The state has no owner.
-- expect: role-nobody 7:30
return workflow "role_owner_of_nothing" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "owner", to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
