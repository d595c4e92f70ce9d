-- SPDX-License-Identifier: Apache-2.0
-- The client need never answer.
-- expect: waits-for-ever 8:3
return workflow "waits_for_client" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { waiting_for = "client", on "answer" { by = "client", to = "a" } },
  final "done",
}
