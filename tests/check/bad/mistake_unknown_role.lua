-- SPDX-License-Identifier: Apache-2.0
-- Not run at all.
-- expect: error 7:31
return workflow "mistake_unknown_role" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pn", to = "done" } },
  final "done",
}
