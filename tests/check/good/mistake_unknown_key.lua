-- SPDX-License-Identifier: Apache-2.0
-- The good twin: at its value.
return workflow "mistake_unknown_key" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done", note = "required" } },
  final "done",
}
