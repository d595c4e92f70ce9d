-- SPDX-License-Identifier: Apache-2.0
-- Silences nothing.
-- expect: event-nobody 8:15
-- expect: silence-reason 8:82
return workflow "silence_without_reason" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "paid" { to = "done" }, on "end" { by = "pm", to = "done" } },  -- signoff: allow event-nobody
  final "done",
}
