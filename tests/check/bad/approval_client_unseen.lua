-- SPDX-License-Identifier: Apache-2.0
-- The client does not see what it is asked.
-- expect: approval-nobody 10:7
return workflow "approval_client_unseen" {
  key = "CK", client = "none",
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
