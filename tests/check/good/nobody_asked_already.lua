-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the stand-in is one of those who are missing.
return workflow "nobody_asked_already" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      one_of { "pm" } { nobody = "sponsor" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
