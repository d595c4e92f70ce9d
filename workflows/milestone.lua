-- SPDX-License-Identifier: Apache-2.0
-- A day that the client counts on. Whoever plans it is warned before it comes, has to say so when it
-- slips, and why; the client is told of every new day, and of the old one when it has passed.
-- The day that was agreed to first stays beside the one that holds now.
return workflow "milestone" {
  key = "MS", version = 1, serves = "milestone",
  title  = { en = "Milestone", zh = "里程碑" },
  client = "project",
  open   = { by = "pm", takes = { "summary", "planned", "agreed" } },
  roles  = { "pm", "engineer", "sponsor", "client" },

  fields = {
    summary  = text   { max = 200, required = true, title = { en = "Milestone", zh = "里程碑" } },
    planned  = date   { required = true, indexed = true, title = { en = "Planned for", zh = "计划日期" } },
    agreed   = date   { title = { en = "First agreed for", zh = "原定日期" } },
    evidence = text   { title = { en = "What shows that it is reached", zh = "达成依据" } },
    slips    = number { min = 0, default = 0, title = { en = "Moved so many times", zh = "调整次数" } },
    why      = text   { title = { en = "Why it was moved", zh = "调整原因" } },
    reached  = time   { title = { en = "Reached on", zh = "达成时间" } },
  },
  internal = {
    outlook = choice { "on_track", "at_risk", default = "on_track", indexed = true, title = { en = "Outlook", zh = "预期" },
      titles = {
        on_track = { en = "On track", zh = "正常" },
        at_risk  = { en = "At risk", zh = "有风险" },
      } },
  },

  outcomes = {
    reached = { en = "Reached", zh = "已达成" },
    dropped = { en = "Dropped", zh = "已取消" },
  },

  start = "underway",

  on "drop" { by = { "pm", "sponsor" }, to = "dropped", note = { "required", "shared" },
    run = notify "client", title = { en = "Drop", zh = "取消里程碑" } },

  -- Entered anew with each new day, so that each has its own warnings.
  state "underway" { owner = "pm",
    title = { en = "Under way", zh = "进行中" },
    edit = { pm = { "summary", "outlook" }, engineer = { "outlook" } },
    enter = function(c)
      if c.fields.agreed == nil then c:set("agreed", c.fields.planned) end
    end,
    within "milestone" { due = "planned",
      title = { en = "Milestone", zh = "里程碑日期" },
      at   "60%" { remind { "owner", "engineer" } },
      at   "80%" { remind "owner", notify { "engineer", "sponsor" } },
      late "0"   { notify { "pm", "sponsor", "client" }, priority "up", go "overdue" },
    },
    on "warn"   { by = { "pm", "engineer" }, note = "required",
      run = { set { outlook = "at_risk" }, notify { "pm", "sponsor" } },
      title = { en = "Warn that it will slip", zh = "延期预警" } },
    on "replan" { by = "pm", takes = { "planned", "why" }, needs = { "planned", "why" }, to = "underway",
      run = { set { slips = plus(1), outlook = "on_track" }, notify { "client", "sponsor" } },
      title = { en = "Move to another day", zh = "调整日期" } },
    on "reach"  { by = "pm", takes = { "evidence" }, needs = { "evidence" }, to = "confirming",
      title = { en = "Reached", zh = "已达成" } },
  },

  -- The day has passed: it is reached late, or has a new one. There is no third.
  state "overdue" { owner = "pm",
    title = { en = "Overdue", zh = "已逾期" },
    within "new_day" { "2 workdays",
      title = { en = "A new day", zh = "确定新日期" },
      at   "50%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
      again "2 workdays" { remind "owner", notify "sponsor", most = 10 },
    },
    on "replan" { by = { "pm", "sponsor" }, takes = { "planned", "why" }, needs = { "planned", "why" }, to = "underway",
      run = { set { slips = plus(1), outlook = "on_track" }, notify { "client", "sponsor" } },
      title = { en = "Move to another day", zh = "调整日期" } },
    on "reach"  { by = "pm", takes = { "evidence" }, needs = { "evidence" }, to = "confirming",
      title = { en = "Reached", zh = "已达成" } },
  },

  state "confirming" { waiting_for = "client",
    title = { en = "Being confirmed", zh = "待客户确认" },
    client_title = { en = "Please confirm the milestone", zh = "请确认里程碑" },
    approval {
      covers = { "summary", "evidence" },
      rule = one_of "client" { nobody = "reject" },
      approved = "reached", rejected = "underway",
    },
    within "confirmation" { "5 workdays", clock = "client",
      title = { en = "The client's confirmation", zh = "客户确认" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
      again "3 workdays" { remind "pending", notify "pm", most = 5 },
    },
  },

  final "reached" { outcome = "reached", title = { en = "Reached", zh = "已达成" },
    enter = { set { reached = now }, notify { "pm", "sponsor", "engineer" } } },
  final "dropped" { outcome = "dropped", title = { en = "Dropped", zh = "已取消" } },
}
