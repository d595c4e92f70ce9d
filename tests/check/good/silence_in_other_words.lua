-- SPDX-License-Identifier: Apache-2.0
-- The good twin: allow is the word.
return workflow "silence_in_other_words" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" } },  -- signoff is the name of the program
  final "done",
}
