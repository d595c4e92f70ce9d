-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the system reads no mail.
return workflow "role_system_reminded" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done", run = remind "sponsor" } },
  final "done",
}
