-- SPDX-License-Identifier: Apache-2.0
-- The good twin: more than 5000 is more than 1000.
return workflow "never_taken_limit" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  fields = { cost = money {} },
  state "a" {
    on "go" { by = "pm", when = { cost = above(5000) }, to = "done" },
    on "go" { by = "pm", when = { cost = above(1000) }, to = "b" },
  },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
