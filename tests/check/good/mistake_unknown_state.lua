-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a target that there is not.
return workflow "mistake_unknown_state" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" } },
  final "done",
}
