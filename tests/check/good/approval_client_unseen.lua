-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the client does not see what it is asked.
return workflow "approval_client_unseen" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      one_of "client" { nobody = "reject" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
