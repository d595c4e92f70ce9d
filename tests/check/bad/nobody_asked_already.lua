-- SPDX-License-Identifier: Apache-2.0
-- The stand-in is one of those who are missing.
-- expect: nobody-useless 10:7
return workflow "nobody_asked_already" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      one_of { "pm", "sponsor" } { nobody = "sponsor" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
