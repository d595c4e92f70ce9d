-- SPDX-License-Identifier: Apache-2.0
-- A target that there is not.
-- expect: error 7:42
return workflow "mistake_unknown_state" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "don" } },
  final "done",
}
