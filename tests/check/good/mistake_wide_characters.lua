-- SPDX-License-Identifier: Apache-2.0
-- The good twin: columns count characters.
return workflow "mistake_wide_characters" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { title = "草稿", on "end" { by = "pm", to = "done", title = "结束" } },
  final "done",
}
