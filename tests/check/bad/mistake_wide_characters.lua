-- SPDX-License-Identifier: Apache-2.0
-- Columns count characters.
-- expect: error 7:45
return workflow "mistake_wide_characters" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { title = "草稿", on "end" { by = "pn", to = "done", title = "结束" } },
  final "done",
}
