-- SPDX-License-Identifier: Apache-2.0
-- The good twin: nobody is asked anything.
return workflow "role_pending_of_nothing" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    within { "1 day", late "0" { remind "pm" } } },
  final "done",
}
