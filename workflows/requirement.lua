-- SPDX-License-Identifier: Apache-2.0
-- What a client needs: asked for by a survey form (需求调研表), analysed and written down so that it can
-- be tested, confirmed by the client. What is confirmed changes by a change request only, and is handed
-- over by an acceptance: both are opened from here and linked, so that each can be traced to the other.

-- The form, as it is filled in by the client or with them.
local form = { "today", "problem", "wish", "users", "volume", "importance", "wanted_by" }

local function more(list, ...)
  local all = { ... }
  for _, one in ipairs(list) do all[#all + 1] = one end
  return all
end

return workflow "requirement" {
  key = "RQ", version = 1,
  title  = { en = "Requirement", zh = "需求" },
  client = "project",
  open   = { by = { "client", "pm", "engineer" } },
  roles  = { "pm", "engineer", "sponsor", "client", requester = "opener" },

  fields = {
    summary     = text   { max = 200, required = true, title = { en = "Summary", zh = "概要" } },
    kind        = choice { "functional", "quality", "data", "constraint", default = "functional", indexed = true,
      title = { en = "Kind", zh = "类型" },
      titles = {
        functional = { en = "Function", zh = "功能需求" },
        quality    = { en = "Quality", zh = "非功能需求" },
        data       = { en = "Data and interfaces", zh = "数据与接口" },
        constraint = { en = "Constraint", zh = "约束" },
      } },
    today       = text   { title = { en = "How is it done today?", zh = "目前如何处理?" } },
    problem     = text   { title = { en = "What is wrong with that?", zh = "存在什么问题?" } },
    wish        = text   { title = { en = "How should it be?", zh = "希望如何改进?" } },
    users       = text   { max = 300, title = { en = "Who works with it?", zh = "由谁使用?" } },
    volume      = text   { max = 300, title = { en = "How often, how much?", zh = "频率与数据量" } },
    importance  = choice { "must", "should", "could", "wont", indexed = true,
      title = { en = "Importance (MoSCoW)", zh = "重要程度(MoSCoW)" },
      titles = {
        must   = { en = "Must have", zh = "必须有" },
        should = { en = "Should have", zh = "应该有" },
        could  = { en = "Could have", zh = "可以有" },
        wont   = { en = "Not this time", zh = "本次不做" },
      } },
    wanted_by   = date   { title = { en = "Wanted by", zh = "期望日期" } },
    description = text   { title = { en = "Requirement", zh = "需求描述" } },
    criteria    = text   { title = { en = "Acceptance criteria", zh = "验收标准" } },
    revision    = number { min = 1, default = 1, title = { en = "Revision", zh = "修订版次" } },
  },
  internal = {
    analysis = text   { title = { en = "Analysis", zh = "分析" } },
    effort   = number { min = 0, title = { en = "Effort (person-days)", zh = "工作量(人天)" } },
  },

  outcomes = {
    accepted  = { en = "Delivered and accepted", zh = "已交付验收" },
    declined  = { en = "Declined", zh = "不予采纳" },
    withdrawn = { en = "Withdrawn", zh = "已撤回" },
  },

  start = "surveying",

  on "withdraw" { by = "requester", to = "withdrawn", note = { "required", "shared" },
    when = in_state { "surveying", "analysing", "confirming" }, title = { en = "Withdraw", zh = "撤回" } },

  -- The form goes to the client; what was said in an interview may be written down by us.
  state "surveying" { waiting_for = "client",
    title = { en = "Survey", zh = "需求调研" },
    client_title = { en = "Please fill in the survey form", zh = "请填写需求调研表" },
    edit = { pm = more(form, "summary", "kind"), client = more(form, "summary"), requester = more(form, "summary") },
    within "survey" { "5 workdays", clock = "client",
      title = { en = "The client's answers", zh = "调研表答复" },
      at   "50%" { remind "client" },
      late "0"   { remind "client", notify "pm" },
      again "3 workdays" { remind { "client", "pm" }, most = 3 },
    },
    on "answer" { by = { "client", "pm", "engineer" }, takes = form, needs = { "wish", "importance" }, to = "analysing",
      title = { en = "Hand in the form", zh = "提交调研表" } },
  },

  state "analysing" { owner = "engineer",
    title = { en = "Analysis", zh = "需求分析" },
    edit = { engineer = { "description", "criteria", "analysis", "effort", "kind" }, pm = { "description", "criteria", "kind" } },
    within "analysis" { "5 workdays",
      title = { en = "Analysis", zh = "需求分析" },
      at   "80%"        { remind "owner" },
      late "0"          { remind "owner", notify "pm" },
      late "2 workdays" { reassign "pm", notify "sponsor" },
    },
    on "specify" { by = { "engineer", "pm" }, takes = { "description", "criteria", "effort" }, needs = { "description", "criteria" },
      to = "confirming", title = { en = "Present for confirmation", zh = "提交确认" } },
    on "ask"     { by = { "engineer", "pm" }, note = { "required", "shared" }, to = "surveying",
      title = { en = "Ask the client", zh = "询问客户" } },
    on "decline" { by = "pm", note = { "required", "shared" }, to = "declined", title = { en = "Decline", zh = "不予采纳" } },
  },

  state "confirming" { waiting_for = "client",
    title = { en = "Confirmation", zh = "需求确认" },
    client_title = { en = "Please confirm the requirement", zh = "请确认需求" },
    approval {
      covers = { "summary", "description", "criteria", "importance" },
      rule = one_of "client" { nobody = "reject" },
      approved = "confirmed", rejected = "analysing", changes = "analysing",
    },
    within "confirmation" { "5 workdays", clock = "client",
      title = { en = "The client's confirmation", zh = "客户确认" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
      again "3 workdays" { remind "pending", notify "pm", most = 5 },
    },
  },

  -- Agreed to. A wish for something else is a change request of whoever has it, and this requirement
  -- goes on as it is until that one is decided.
  state "confirmed" {
    title = { en = "Confirmed", zh = "已确认" },
    on "change" { by = { "client", "pm" }, note = { "required", "shared" },
      run = function(c, e)
        c:open("change_request", { summary = c.fields.summary, reason = e.comment, category = "scope" }, e.by)
      end,
      title = { en = "Ask for a change", zh = "提出变更" } },
    on "revise" { by = "pm", note = "required", run = set { revision = plus(1) }, to = "analysing",
      title = { en = "Revise after a change request", zh = "按变更修订" } },
    on "hand_over" { by = "pm", to = "delivering",
      run = function(c, e)
        c:open("acceptance", { deliverable = c.fields.summary, criteria = c.fields.criteria }, e.by)
      end,
      title = { en = "Hand over for acceptance", zh = "提交验收" } },
  },

  state "delivering" { owner = "pm",
    title = { en = "In acceptance", zh = "验收中" },
    on "accepted"     { by = "pm", to = "accepted", title = { en = "Accepted", zh = "验收通过" } },
    on "not_accepted" { by = "pm", note = "required", to = "confirmed", title = { en = "Not accepted", zh = "验收未通过" } },
  },

  final "accepted"  { outcome = "accepted", title = { en = "Delivered and accepted", zh = "已交付验收" } },
  final "declined"  { outcome = "declined", title = { en = "Declined", zh = "不予采纳" } },
  final "withdrawn" { outcome = "withdrawn", title = { en = "Withdrawn", zh = "已撤回" } },
}
