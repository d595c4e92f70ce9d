-- SPDX-License-Identifier: Apache-2.0
-- How a project stands, written on schedule:
--
--   every "friday 14:00" { start "progress_report" { for_each = "open project" } }
--
-- What is open is counted from the project's own cases when it is begun; the project manager says what was
-- done, what comes next and what is needed; the sponsor reads it before the client does. The client
-- acknowledges it, or is asked to: a report that nobody reads reports nothing.

local function count()
  return set {
    open_issues = open_cases "issue", open_changes = open_cases "change_request",
    open_acceptances = open_cases "acceptance", open_milestones = open_cases "milestone",
    open_feedback = open_cases { "feedback", "complaint" }, open_risks = open_cases "risk", counted = now,
  }
end

return workflow "progress_report" {
  key = "PR", version = 1,
  title  = { en = "Progress report", zh = "进展报告" },
  client = "project",
  open   = { by = { "pm", "sponsor" } },
  roles  = { "pm", "sponsor", "client" },

  fields = {
    summary          = text   { max = 200, title = { en = "In one sentence", zh = "一句话总结" } },
    health           = choice { "green", "yellow", "red", indexed = true, title = { en = "Health", zh = "健康状况" },
      titles = {
        green  = { en = "Green: as planned", zh = "绿:按计划" },
        yellow = { en = "Yellow: needs attention", zh = "黄:需关注" },
        red    = { en = "Red: off plan", zh = "红:偏离计划" },
      } },
    finished         = text   { title = { en = "What was done", zh = "本期完成" } },
    next             = text   { title = { en = "What comes next", zh = "下期计划" } },
    problems         = text   { title = { en = "Problems", zh = "问题与风险" } },
    needed           = text   { title = { en = "What we need from you", zh = "需客户配合" } },
    open_issues      = number { min = 0, title = { en = "Open issues", zh = "未关闭问题" } },
    open_changes     = number { min = 0, title = { en = "Open change requests", zh = "进行中变更" } },
    open_acceptances = number { min = 0, title = { en = "Acceptances under way", zh = "进行中验收" } },
    open_milestones  = number { min = 0, title = { en = "Milestones to come", zh = "未达成里程碑" } },
    open_feedback    = number { min = 0, title = { en = "Open feedback", zh = "未关闭反馈" } },
    counted          = time   { title = { en = "As of", zh = "统计时间" } },
    sent             = time   { title = { en = "Sent on", zh = "发送时间" } },
  },
  internal = {
    open_risks = number { min = 0, title = { en = "Open risks", zh = "未关闭风险" } },
    remarks    = text   { title = { en = "Remarks of the team", zh = "内部备注" } },
  },

  outcomes = {
    acknowledged = { en = "Acknowledged", zh = "客户已确认" },
    unanswered   = { en = "Not acknowledged", zh = "客户未确认" },
    skipped      = { en = "Not written", zh = "本期免报" },
  },

  start = "writing",

  state "writing" { owner = "pm",
    title = { en = "Being written", zh = "撰写中" },
    client_title = { en = "Being prepared", zh = "准备中" },
    enter = count(),
    edit = { pm = { "summary", "health", "finished", "next", "problems", "needed", "remarks" }, sponsor = { "remarks" } },
    within "writing" { "1 workday",
      title = { en = "Report", zh = "报告撰写" },
      at   "50%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
      again "1 workday" { remind "owner", notify "sponsor", most = 3 },
    },
    on "recount" { by = "pm", run = count(), title = { en = "Count anew", zh = "重新统计" } },
    on "submit"  { by = "pm", takes = { "summary", "health", "finished", "next", "problems", "needed" },
      needs = { "health", "finished", "next" }, to = "reviewing", title = { en = "Present for review", zh = "提交审阅" } },
    on "skip"    { by = { "pm", "sponsor" }, note = "required", to = "skipped", title = { en = "No report this time", zh = "本期免报" } },
  },

  -- Nothing bad is learnt from the client: the sponsor reads it first.
  state "reviewing" {
    title = { en = "Being reviewed", zh = "内部审阅" },
    client_title = { en = "Being prepared", zh = "准备中" },
    approval {
      covers = { "summary", "health", "finished", "next", "problems", "needed" },
      rule = one_of "sponsor" { nobody = "pm" },
      approved = "sent", rejected = "writing", changes = "writing",
    },
    within "review" { "1 workday",
      title = { en = "Review", zh = "报告审阅" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
      again "1 workday" { remind "pending", most = 3 },
    },
  },

  state "sent" { waiting_for = "client",
    title = { en = "Sent", zh = "已发送" },
    client_title = { en = "Please acknowledge the report", zh = "请确认收到报告" },
    enter = { set { sent = now }, notify "client" },
    within "acknowledgement" { "3 workdays", clock = "client",
      title = { en = "Acknowledgement", zh = "客户确认" },
      at   "50%"        { remind "client" },
      late "0"          { remind "client", notify "pm" },
      -- the next one is on its way: two at a time are not chased
      late "2 workdays" { go "unanswered" },
    },
    on "acknowledge" { by = "client", to = "acknowledged", title = { en = "Acknowledge", zh = "确认收到" } },
    on "ask"         { by = "client", note = { "required", "shared" }, to = "acknowledged",
      run = function(c, e)
        c:open("issue", { summary = "Question about the progress report", details = e.comment, kind = "question" }, e.by)
      end,
      title = { en = "Ask about it", zh = "提问" } },
  },

  final "acknowledged" { outcome = "acknowledged", title = { en = "Acknowledged", zh = "客户已确认" } },
  final "unanswered"   { outcome = "unanswered", title = { en = "Not acknowledged", zh = "客户未确认" }, enter = notify { "pm", "sponsor" } },
  final "skipped"      { outcome = "skipped", title = { en = "Not written", zh = "本期免报" } },
}
