-- SPDX-License-Identifier: Apache-2.0
-- One line of the risk register: found, assessed by probability and impact, answered by a plan with the
-- trigger at which its contingency begins, looked at again on the day that was set, escalated when it
-- grows, closed when it can no longer happen. The register is the team's; what the client has to know
-- of it becomes an issue or a change request.

-- Exposure is probability times impact, 1 to 25: from 15 on it is high, from 6 on medium.
local function assess(c, e)
  local exposure = (e.data.probability or c.fields.probability) * (e.data.impact or c.fields.impact)
  c:set("exposure", exposure)
  c:set("level", exposure >= 15 and "high" or exposure >= 6 and "medium" or "low")
end

local function holder(c) return c.fields.holder end

return workflow "risk" {
  key = "RK", version = 1, serves = "risk",
  title  = { en = "Risk", zh = "风险" },
  client = "none",
  open   = { by = { "pm", "engineer", "sponsor" } },
  roles  = { "pm", "engineer", "sponsor", finder = "opener" },

  fields = {
    summary     = text   { max = 200, required = true, title = { en = "Risk", zh = "风险" } },
    category    = choice { "schedule", "cost", "scope", "quality", "people", "supplier", "client", default = "schedule", indexed = true,
      title = { en = "Category", zh = "类别" },
      titles = {
        schedule = { en = "Schedule", zh = "进度" },
        cost     = { en = "Cost", zh = "成本" },
        scope    = { en = "Scope", zh = "范围" },
        quality  = { en = "Quality", zh = "质量" },
        people   = { en = "People", zh = "人员" },
        supplier = { en = "Supplier", zh = "供应商" },
        client   = { en = "Client", zh = "客户" },
      } },
    cause       = text   { title = { en = "Because of", zh = "原因" } },
    effect      = text   { title = { en = "What would follow", zh = "后果" } },
    probability = number { min = 1, max = 5, title = { en = "Probability (1 to 5)", zh = "概率(1–5)" } },
    impact      = number { min = 1, max = 5, title = { en = "Impact (1 to 5)", zh = "影响(1–5)" } },
    exposure    = number { min = 1, max = 25, indexed = true, title = { en = "Exposure (probability × impact)", zh = "风险值(概率×影响)" } },
    level       = choice { "low", "medium", "high", indexed = true, title = { en = "Level", zh = "等级" },
      titles = {
        low    = { en = "Low", zh = "低" },
        medium = { en = "Medium", zh = "中" },
        high   = { en = "High", zh = "高" },
      } },
    response    = choice { "avoid", "mitigate", "transfer", "accept", title = { en = "Response", zh = "应对策略" },
      titles = {
        avoid    = { en = "Avoid", zh = "规避" },
        mitigate = { en = "Mitigate", zh = "减轻" },
        transfer = { en = "Transfer", zh = "转移" },
        accept   = { en = "Accept", zh = "接受" },
      } },
    plan        = text   { title = { en = "What is done about it", zh = "应对措施" } },
    trigger     = text   { title = { en = "Trigger of the contingency plan", zh = "应急触发条件" } },
    contingency = text   { title = { en = "Contingency plan", zh = "应急计划" } },
    reserve     = money  { min = 0, title = { en = "Reserve", zh = "应急储备" } },
    holder      = person { title = { en = "Risk owner", zh = "风险责任人" } },
    review_on   = date   { indexed = true, title = { en = "Looked at again on", zh = "下次评审日期" } },
    reviews     = number { min = 0, default = 0, title = { en = "Reviews", zh = "评审次数" } },
  },

  outcomes = {
    closed       = { en = "Can no longer happen", zh = "已消除" },
    materialised = { en = "Happened and was handled", zh = "已发生并处置" },
  },

  start = "identified",

  -- Whoever sees it grow may say so, at any time.
  on "escalate" { by = { "pm", "engineer", "sponsor" }, note = "required", run = { priority "up", notify { "pm", "sponsor" } },
    title = { en = "Escalate", zh = "升级" } },

  state "identified" { owner = "pm",
    title = { en = "Identified", zh = "已识别" },
    edit = { finder = { "summary", "category", "cause", "effect" }, pm = { "summary", "category", "cause", "effect" } },
    within "assessment" { "2 workdays",
      title = { en = "Assessment", zh = "风险评估" },
      at   "50%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
    },
    on "assess" { by = "pm", takes = { "probability", "impact", "effect" }, needs = { "probability", "impact" }, run = assess,
      to = "planning", title = { en = "Assess", zh = "评估" } },
    on "close"  { by = "pm", note = "required", to = "closed", title = { en = "Close", zh = "关闭" } },
  },

  -- The higher it is, the sooner there is a plan; a high one has a contingency plan and its trigger.
  state "planning" { owner = "pm",
    title = { en = "Response is planned", zh = "制定应对" },
    edit = { pm = { "response", "plan", "trigger", "contingency", "reserve", "holder", "review_on" },
      engineer = { "plan", "trigger", "contingency" } },
    within "planning" { per "level" { high = "1 workday", medium = "3 workdays", low = "5 workdays" },
      title = { en = "Plan of the response", zh = "应对计划" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
    },
    on "plan" { by = "pm", when = { level = is "high" }, to = "agreeing",
      needs = { "response", "plan", "trigger", "contingency", "holder", "review_on" },
      takes = { "response", "plan", "trigger", "contingency", "reserve", "holder", "review_on" },
      title = { en = "Set the plan", zh = "确定应对计划" } },
    on "plan" { by = "pm", needs = { "response", "plan", "holder", "review_on" }, to = "watched",
      takes = { "response", "plan", "trigger", "contingency", "reserve", "holder", "review_on" },
      title = { en = "Set the plan", zh = "确定应对计划" } },
  },

  state "agreeing" {
    title = { en = "Plan is agreed to", zh = "审批应对计划" },
    approval {
      covers = { "summary", "level", "response", "plan", "trigger", "contingency", "reserve" },
      rule = one_of "sponsor" { nobody = "reject" },
      approved = "watched", rejected = "planning", changes = "planning",
    },
    within "agreement" { "2 workdays",
      title = { en = "Agreement to the plan", zh = "应对计划审批" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
      again "1 workday" { remind "pending", most = 5 },
    },
  },

  state "watched" { owner = holder,
    title = { en = "Watched", zh = "监控中" },
    enter = notify(holder),
    edit = { pm = { "holder", "review_on", "plan" } },
    within "review" { due = "review_on",
      title = { en = "Next review", zh = "定期评审" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "pm", go "reviewing" },
    },
    on "review"    { by = { "pm", "engineer" }, to = "reviewing", title = { en = "Look at it now", zh = "立即评审" } },
    on "triggered" { by = { "pm", "engineer", "sponsor" }, note = "required", to = "occurred",
      title = { en = "The trigger is there", zh = "触发应急" } },
  },

  state "reviewing" { owner = "pm",
    title = { en = "Review", zh = "评审" },
    enter = set { reviews = plus(1) },
    within "reviewing" { "2 workdays",
      title = { en = "Review", zh = "风险评审" },
      at   "50%"        { remind "owner" },
      late "0"          { remind "owner", notify "sponsor" },
      late "2 workdays" { reassign "sponsor", priority "up" },
    },
    on "keep" { by = { "pm", "sponsor" }, takes = { "probability", "impact", "review_on", "plan" }, needs = { "probability", "impact", "review_on" },
      run = assess, to = "kept", title = { en = "Keep watching", zh = "继续监控" } },
    on "close" { by = { "pm", "sponsor" }, note = "required", to = "closed", title = { en = "Close", zh = "关闭" } },
  },

  -- What has become high, and has no contingency plan, is planned again.
  state "kept" {
    title = { en = "Kept", zh = "继续监控" },
    always { when = { level = is "high", contingency = filled(false) }, to = "planning", run = notify "sponsor" },
    always { to = "watched" },
  },

  state "occurred" { owner = holder,
    title = { en = "It has happened: contingency plan", zh = "已发生,执行应急计划" },
    enter = { priority "up", notify { "pm", "sponsor", "engineer" } },
    within "contingency" { "1 workday",
      title = { en = "Contingency plan", zh = "应急处置" },
      at   "50%" { remind "owner" },
      late "0"   { remind "owner", notify { "pm", "sponsor" }, priority "up" },
      again "1 workday" { remind "owner", notify "sponsor", most = 10 },
    },
    -- What the client has to know of it.
    on "open_issue" { by = "pm", note = { "required" },
      run = function(c, e) c:open("issue", { summary = c.fields.summary, details = e.comment }, e.by) end,
      title = { en = "Open an issue for the client", zh = "转为客户问题" } },
    on "handled" { by = { "pm", "engineer" }, note = "required", to = "materialised", title = { en = "Handled", zh = "处置完成" } },
    on "false_alarm" { by = "pm", note = "required", to = "reviewing", title = { en = "False alarm", zh = "误报" } },
  },

  final "closed"       { outcome = "closed", title = { en = "Closed", zh = "已关闭" } },
  final "materialised" { outcome = "materialised", title = { en = "Happened and handled", zh = "已发生并处置" } },
}
