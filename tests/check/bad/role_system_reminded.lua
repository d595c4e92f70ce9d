-- SPDX-License-Identifier: Apache-2.0
-- The system reads no mail.
-- expect: role-nobody 7:56
return workflow "role_system_reminded" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done", run = remind "system" } },
  final "done",
}
