-- SPDX-License-Identifier: Apache-2.0
-- Two states lead to each other for ever.
-- expect: no-end 8:3
return workflow "no_end" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { on "more" { by = "pm", to = "c" } },
  state "c" { on "less" { by = "pm", to = "b" } },
  final "done",
}
