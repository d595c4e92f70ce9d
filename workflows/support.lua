-- SPDX-License-Identifier: Apache-2.0
-- Help with what was delivered: a question, an access, a setting, a hand. Answered by working time and
-- priority, closed when the client says so or after ten working days; what turns out to be a defect
-- becomes an issue, what turns out to be a wish becomes a change request, both the client's own.
return workflow "support" {
  key = "SR", version = 1,
  title  = { en = "Support request", zh = "支持请求" },
  client = "project",
  open   = { by = { "client", "support", "pm" }, takes = { "summary", "details", "kind" } },
  roles  = { "support", "pm", "sponsor", "client", requester = "opener" },

  fields = {
    summary = text   { max = 200, required = true, title = { en = "Summary", zh = "概要" } },
    details = text   { title = { en = "Details", zh = "详情" } },
    kind    = choice { "question", "access", "setting", "on_site", default = "question", indexed = true, title = { en = "Kind", zh = "类型" },
      titles = {
        question = { en = "Question", zh = "咨询" },
        access   = { en = "Access", zh = "账号权限" },
        setting  = { en = "Setting", zh = "配置" },
        on_site  = { en = "On site", zh = "现场支持" },
      } },
    answer  = text   { title = { en = "Answer", zh = "答复" } },
    stars   = number { min = 1, max = 5, title = { en = "How was it? (1 to 5)", zh = "评价(1–5)" } },
  },
  internal = {
    minutes = number { min = 0, title = { en = "Minutes spent", zh = "用时(分钟)" } },
  },

  outcomes = {
    helped     = { en = "Helped", zh = "已解决" },
    passed_on  = { en = "Became another case", zh = "已转办" },
    unanswered = { en = "Closed without a reply", zh = "客户未回复" },
    withdrawn  = { en = "Withdrawn", zh = "已撤回" },
  },

  start = "asked",

  on "withdraw" { by = "requester", to = "withdrawn", title = { en = "Withdraw", zh = "撤回" } },

  state "asked" { owner = "support",
    title = { en = "Asked", zh = "待处理" },
    within "help" { per "priority" { urgent = "2 workhours", high = "4 workhours", normal = "1 workday", low = "3 workdays" },
      title = { en = "Answer", zh = "答复时限" },
      at   "75%"        { remind "owner" },
      late "0"          { remind "owner", notify "pm", priority "up" },
      late "1 workday"  { reassign "pm", notify "sponsor" },
    },
    on "answer"   { by = { "support", "pm" }, takes = { "answer", "minutes" }, needs = { "answer" }, to = "answered",
      title = { en = "Answer", zh = "答复" } },
    on "ask"      { by = { "support", "pm" }, note = { "required", "shared" }, to = "waiting", title = { en = "Ask the client", zh = "询问客户" } },
    on "is_issue" { by = { "support", "pm" }, to = "passed_on",
      run = function(c) c:open("issue", { summary = c.fields.summary, details = c.fields.details, kind = "defect" }, c.opener) end,
      title = { en = "It is a defect", zh = "转为问题" } },
    on "is_change" { by = { "support", "pm" }, note = { "required", "shared" }, to = "passed_on",
      run = function(c, e) c:open("change_request", { summary = c.fields.summary, reason = e.comment }, c.opener) end,
      title = { en = "It is a change", zh = "转为变更" } },
  },

  state "waiting" { waiting_for = "client",
    title = { en = "Waiting for the client", zh = "等待客户" },
    client_title = { en = "Waiting for you", zh = "待您回复" },
    within "reply" { "5 workdays", clock = "client",
      title = { en = "The client's reply", zh = "客户回复" },
      at   "50%" { remind { "client", "requester" } },
      late "0"   { remind { "client", "requester" }, notify "support" },
      late "5 workdays" { go "unanswered" },
    },
    on "reply" { by = { "client", "requester" }, takes = { "details" }, to = "asked", title = { en = "Reply", zh = "回复" } },
  },

  state "answered" { waiting_for = "client",
    title = { en = "Answered", zh = "已答复" },
    client_title = { en = "Did that help?", zh = "问题解决了吗?" },
    enter = notify "requester",
    within "confirmation" { "10 workdays", clock = "client",
      title = { en = "Confirmation", zh = "客户确认" },
      at   "50%" { remind { "client", "requester" } },
      late "0"   { go "helped" },
    },
    on "confirm"   { by = { "client", "requester" }, takes = { "stars" }, to = "helped", title = { en = "It helped", zh = "已解决" } },
    on "ask_again" { by = { "client", "requester" }, note = { "required", "shared" }, to = "asked", run = priority "up",
      title = { en = "It did not", zh = "未解决" } },
  },

  final "helped"     { outcome = "helped", title = { en = "Helped", zh = "已解决" } },
  final "passed_on"  { outcome = "passed_on", title = { en = "Became another case", zh = "已转办" } },
  final "unanswered" { outcome = "unanswered", title = { en = "Closed without a reply", zh = "客户未回复" } },
  final "withdrawn"  { outcome = "withdrawn", title = { en = "Withdrawn", zh = "已撤回" } },
}
