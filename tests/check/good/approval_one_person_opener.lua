-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a client may have opened it.
return workflow "approval_one_person_opener" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      all_of { one_of "requester" { nobody = "skip" }, one_of "client" { exclude = { "requester" }, nobody = "reject" } },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
