-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the client need never answer.
return workflow "waits_for_client" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { waiting_for = "client", on "answer" { by = "client", to = "a" }, after "30 days" { to = "a" } },
  final "done",
}
