-- SPDX-License-Identifier: Apache-2.0
-- One above the other, and several in one.
-- expect: silence-unused 10:3
-- expect: silence-unused 10:3
-- expect: unreachable-state 12:3
return workflow "silence_of_several" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  -- signoff: allow event-nobody: the bank fires it
  -- signoff: allow never-taken, unreachable-state: left from before
  state "a" { on "paid" { to = "done" }, on "end" { by = "pm", to = "done" } },
  state "x" { on "end" { by = "pm", to = "done" } },
  final "done",
}
