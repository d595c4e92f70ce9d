-- SPDX-License-Identifier: Apache-2.0
-- The good twin: below the limit the client is not asked.
return workflow "approval_one_person_sometimes" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  fields = { what = text {}, cost = money {} }, internal = { margin = money {} },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { covers = { "what" }, rule =
      all_of { one_of "pm" { nobody = "reject" }, at_least(2) "ccb" { nobody = "reject" },
        one_of "client" { when = { cost = above(1000) }, nobody = "reject" } },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
