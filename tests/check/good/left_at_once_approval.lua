-- SPDX-License-Identifier: Apache-2.0
-- The good twin: nobody is ever asked.
return workflow "left_at_once_approval" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" } },
  state "b" {
    approval { rule = one_of "pm" { nobody = "reject" }, approved = "done", rejected = "a" },
    after "3 days" { to = "a" },
  },
  final "done",
}
