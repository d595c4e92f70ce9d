-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a workflow without an end.
return workflow "no_end_at_all" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "open" { on "close" { by = "pm", to = "closed" } },
  state "closed" { on "reopen" { by = "pm", to = "open" }, after "30 days" { to = "done" } },
  final "done",
}
