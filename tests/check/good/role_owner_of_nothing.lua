-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the state has no owner.
return workflow "role_owner_of_nothing" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { owner = "pm", on "go" { by = "owner", to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
