-- SPDX-License-Identifier: Apache-2.0
-- The end of a project: everything accepted, nothing left open, the checklist done, the lessons
-- written down, the last payment in, the client's signature, the file closed.
return workflow "closeout" {
  key = "CO", version = 1, serves = "closeout",
  title  = { en = "Project closeout", zh = "项目收尾" },
  client = "project",
  open   = { by = "pm" },
  roles  = { "pm", "engineer", "sponsor", "client" },

  fields = {
    summary   = text   { max = 200, required = true, title = { en = "Summary", zh = "概要" } },
    report    = text   { title = { en = "Final report", zh = "结项报告" } },
    follow_up = text   { title = { en = "Follow-up recommended", zh = "后续工作建议" } },
    warranty  = date   { title = { en = "Warranty ends on", zh = "质保到期日" } },
    paid      = date   { title = { en = "Final payment on", zh = "尾款到账日" } },
    survey    = number { min = 0, max = 10, title = { en = "Would you recommend us? (0 to 10)", zh = "您会推荐我们吗?(0 到 10)" } },
    praise    = text   { title = { en = "What the client says", zh = "客户评价" } },
    filed     = text   { title = { en = "Filed under", zh = "归档位置" } },
  },
  internal = {
    lessons = text { title = { en = "Lessons learned", zh = "经验教训" } },
    margin  = money { title = { en = "Margin", zh = "毛利" } },
  },

  outcomes = {
    closed    = { en = "Closed", zh = "已结项" },
    cancelled = { en = "Called off", zh = "已取消" },
  },

  start = "collecting",

  on "cancel" { by = "pm", to = "cancelled", note = { "required", "shared" }, when = in_state { "collecting", "signing" },
    title = { en = "Call the closeout off", zh = "取消收尾" } },

  state "collecting" { owner = "pm",
    title = { en = "Collecting", zh = "收尾准备" },
    edit = {
      pm = { "summary", "report", "follow_up", "warranty", "paid", "lessons", "margin" },
      engineer = { "lessons", "follow_up" }, client = { "survey", "praise" },
    },
    tasks {
      task "accepted"  { by = "pm", title = { en = "Every deliverable is accepted", zh = "全部交付物已验收" } },
      task "documents" { by = "pm", proof = "file", title = { en = "Documents are handed over", zh = "文档已移交" } },
      task "operation" { by = "engineer", title = { en = "Operation is handed over", zh = "运维已移交" } },
      task "accounts"  { by = "engineer", title = { en = "Accounts and data are given back or deleted", zh = "账号与数据已归还或销毁" } },
      task "resources" { by = "pm", optional = true, title = { en = "People and equipment are released", zh = "资源已释放" } },
    },
    within "collection" { "20 workdays",
      title = { en = "Preparation of the closeout", zh = "收尾准备" },
      at   "50%" { remind "owner" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
      again "5 workdays" { remind "owner", notify "sponsor", most = 6 },
    },
    within "survey" { "10 workdays", clock = "client", ["until"] = "survey_answered",
      title = { en = "The client's survey", zh = "满意度调查" },
      at   "50%" { remind "client" },
      late "0"   { remind "client", notify "pm" },
    },
    on "survey_answered" { by = "client", takes = { "survey", "praise" }, needs = { "survey" },
      title = { en = "Answer the survey", zh = "答复满意度调查" } },
    on "present" { by = "pm", needs = { "report", "lessons", "paid", "survey" }, to = "signing",
      when = { tasks_done, none_open { "change_request", "acceptance", "feedback", "complaint", "issue" } },
      title = { en = "Present for signature", zh = "提交签署" } },
  },

  state "signing" {
    title = { en = "Signing", zh = "签署" },
    client_title = { en = "Please sign the final report", zh = "请签署结项报告" },
    approval {
      covers = { "summary", "report", "follow_up", "warranty" },
      rule = in_order {
        one_of "sponsor" { nobody = "skip" },
        one_of "client"  { nobody = "reject" },
      },
      approved = "learning", rejected = "collecting", changes = "collecting",
    },
    within { "10 workdays", clock = "client",
      title = { en = "Signature", zh = "签署" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
      again "5 workdays" { remind "pending", most = 4 },
    },
  },

  -- After the signature: what was learnt is worth keeping, the file is closed.
  state "learning" { owner = "pm",
    title = { en = "Lessons and filing", zh = "总结归档" },
    edit = { pm = { "lessons", "margin" }, engineer = { "lessons" } },
    within "filing" { "10 workdays",
      title = { en = "Lessons and filing", zh = "总结归档" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
    },
    on "archive" { by = "pm", needs = { "lessons" }, takes = { "filed" }, to = "closed", title = { en = "Archive", zh = "归档" } },
  },

  final "closed"    { outcome = "closed", title = { en = "Closed", zh = "已结项" } },
  final "cancelled" { outcome = "cancelled", title = { en = "Called off", zh = "已取消" } },
}
