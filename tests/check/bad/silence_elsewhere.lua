-- SPDX-License-Identifier: Apache-2.0
-- In the wrong line.
-- expect: silence-unused 8:16
-- expect: event-nobody 9:5
return workflow "silence_elsewhere" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" {  -- signoff: allow event-nobody: the bank
    on "paid" { to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
