-- SPDX-License-Identifier: Apache-2.0
-- The good twin: two conditions are more than one of them; whole numbers above 4 are at least 5.
return workflow "never_taken_all" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  fields = { cost = number {}, fast = flag {} },
  state "a" {
    on "go" { by = "pm", when = { cost = min(5), fast = true }, to = "b" },
    on "go" { by = "pm", when = { cost = above(4) }, to = "done" },
  },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
