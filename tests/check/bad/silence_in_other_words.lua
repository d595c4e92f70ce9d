-- SPDX-License-Identifier: Apache-2.0
-- Allow is the word.
-- expect: silence-unknown 7:55
return workflow "silence_in_other_words" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" } },  -- signoff: ignore event-nobody: the bank
  final "done",
}
