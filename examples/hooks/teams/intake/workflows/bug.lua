-- SPDX-License-Identifier: Apache-2.0
-- A fault: told by a tool or a person, fixed, and looked at by whoever is in charge.
return workflow "bug" {
  key = "BUG", version = 1,
  title = { en = "Fault", zh = "故障" },
  roles = { "pm", "intake" },
  open = { by = { "pm", "intake" } },
  fields = {
    summary = text { required = true, max = 500, title = { en = "Summary", zh = "概要" } },
    url = text { indexed = true, max = 500, title = { en = "Where it stands elsewhere", zh = "外部地址" } },
  },
  start = "open",
  state "open" { owner = "pm", title = { en = "Open", zh = "待修复" },
    on "fixed" { by = { "pm", "intake" }, to = "fixed", title = { en = "Fixed", zh = "已修复" } } },
  state "fixed" { owner = "pm", title = { en = "To be checked", zh = "待核实" },
    on "confirm" { by = "pm", to = "closed", title = { en = "Confirm", zh = "确认" } },
    on "reopen" { by = "pm", to = "open", title = { en = "Open again", zh = "重新打开" } } },
  final "closed" { outcome = "fixed", title = { en = "Closed", zh = "已关闭" } },
  outcomes = { fixed = { en = "Fixed", zh = "已修复" } },
}
