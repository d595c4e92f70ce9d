-- SPDX-License-Identifier: Apache-2.0
-- A region without a final never lets the parallel be done.
-- expect: unreachable-state 13:3
return workflow "unreachable_done" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  parallel "both" {
    state "one" { state "x" { on "go" { by = "pm", to = "y" } }, final "y" },
    state "two" { state "v" { on "more" { by = "pm", to = "w" } }, state "w" { on "less" { by = "pm", to = "v" } } },
    done = "after_both",
    on "cancel" { by = "pm", to = "done" },
  },
  state "after_both" { on "go" { by = "pm", to = "done" } },
  final "done",
}
