-- SPDX-License-Identifier: Apache-2.0
-- At its value.
-- expect: error 7:58
return workflow "mistake_unknown_key" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done", notes = "required" } },
  final "done",
}
