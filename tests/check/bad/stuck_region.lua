-- SPDX-License-Identifier: Apache-2.0
-- One region never comes to an end, so the other one waits for ever.
-- expect: stuck-state 10:19
-- expect: unreachable-state 13:3
return workflow "stuck_region" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  parallel "both" {
    state "one" { state "x" { on "go" { by = "pm", to = "y" } }, final "y" },
    state "two" { state "v" { owner = "pm" } },
    done = "done",
  },
  final "done",
}
