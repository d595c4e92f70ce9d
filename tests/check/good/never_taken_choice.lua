-- SPDX-License-Identifier: Apache-2.0
-- The good twin: one choice of several.
return workflow "never_taken_choice" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  fields = { class = choice { "small", "large", "huge" } },
  state "a" {
    on "go" { by = "pm", when = { class = one_in { "small", "large" } }, to = "b" },
    on "go" { by = "pm", when = { class = is "huge" }, to = "done" },
  },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
