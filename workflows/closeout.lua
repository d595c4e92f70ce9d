-- SPDX-License-Identifier: Apache-2.0
-- The end of a project: nothing left open, the checklist done, the client's signature, the
-- lessons written down.
return workflow "closeout" {
  key = "CO", version = 1,
  title  = { en = "Project closeout", zh = "项目收尾" },
  client = "project",
  open   = { by = "pm" },
  roles  = { "pm", "engineer", "sponsor", "client" },

  fields = {
    summary = text { max = 200, required = true, title = { en = "Summary", zh = "概要" } },
    report  = text { title = { en = "Final report", zh = "结项报告" } },
  },
  internal = {
    lessons = text { title = { en = "Lessons learned", zh = "经验教训" } },
  },

  start = "collecting",

  state "collecting" { owner = "pm",
    title = { en = "Collecting", zh = "收尾准备" },
    edit = { pm = { "summary", "report", "lessons" }, engineer = { "lessons" } },
    within { "30 days",
      at   "50%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
    },
    on "present" { by = "pm", needs = { "report" }, when = none_open { "change_request", "issue", "acceptance" },
      to = "signing", title = { en = "Present for signature", zh = "提交签署" } },
  },

  state "signing" {
    title = { en = "Signing", zh = "签署" },
    client_title = { en = "Please sign the final report", zh = "请签署结项报告" },
    approval {
      covers = { "summary", "report" },
      rule = all_of {
        one_of "sponsor" { nobody = "skip" },
        one_of "client"  { nobody = "reject" },
      },
      approved = "learning", rejected = "collecting",
    },
    within { "14 days",
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
      again "7 days" { remind "pending", most = 4 },
    },
  },

  state "learning" { owner = "pm",
    title = { en = "Lessons", zh = "总结" },
    edit = { pm = { "lessons" }, engineer = { "lessons" } },
    on "archive" { by = "pm", needs = { "lessons" }, to = "closed", title = { en = "Archive", zh = "归档" } },
    within { "14 days", late "0" { remind "owner" } },
  },

  final "closed" { outcome = "closed", title = { en = "Closed", zh = "已结项" } },
}
