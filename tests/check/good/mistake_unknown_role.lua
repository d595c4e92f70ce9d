-- SPDX-License-Identifier: Apache-2.0
-- The good twin: not run at all.
return workflow "mistake_unknown_role" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" } },
  final "done",
}
