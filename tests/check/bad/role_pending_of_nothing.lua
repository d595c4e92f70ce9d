-- SPDX-License-Identifier: Apache-2.0
-- Nobody is asked anything.
-- expect: role-nobody 8:34
return workflow "role_pending_of_nothing" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    within { "1 day", late "0" { remind "pending" } } },
  final "done",
}
