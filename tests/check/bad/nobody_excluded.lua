-- SPDX-License-Identifier: Apache-2.0
-- The stand-in is excluded.
-- expect: nobody-useless 10:7
return workflow "nobody_excluded" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      one_of "pm" { nobody = "sponsor", exclude = { "sponsor" } },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
