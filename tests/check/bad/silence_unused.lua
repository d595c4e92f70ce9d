-- SPDX-License-Identifier: Apache-2.0
-- Nothing is there to be silenced; a line of its own speaks of the next one.
-- expect: silence-unused 7:55
return workflow "silence_unused" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" } },  -- signoff: allow event-nobody: the bank
  final "done",
}
