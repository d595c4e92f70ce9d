-- SPDX-License-Identifier: Apache-2.0
-- Something that is done better from now on: why, by whom, by when, and what should be different then.
-- It ends when somebody has looked whether it is.
local function holder(c) return c.fields.holder end

return workflow "improvement" {
  key = "IM", version = 1, serves = "improvement",
  title  = { en = "Improvement", zh = "改进措施" },
  client = "none",
  open   = { by = { "pm", "engineer", "sponsor" } },
  roles  = { "pm", "engineer", "sponsor", proposer = "opener" },

  fields = {
    summary   = text   { max = 300, required = true, title = { en = "What is to be better", zh = "改进内容" } },
    cause     = text   { title = { en = "Why", zh = "起因" } },
    measure   = text   { title = { en = "How it will show", zh = "衡量方式" } },
    holder    = person { title = { en = "By whom", zh = "责任人" } },
    by_day    = date   { indexed = true, title = { en = "Done by", zh = "完成日期" } },
    look_on   = date   { title = { en = "Effect looked at on", zh = "效果评审日期" } },
    done      = text   { title = { en = "What was done", zh = "实施情况" } },
    effect    = text   { title = { en = "Effect", zh = "效果" } },
    rounds    = number { min = 0, default = 0, title = { en = "Done so many times", zh = "实施轮次" } },
  },

  outcomes = {
    effective = { en = "It is better", zh = "改进有效" },
    dropped   = { en = "Dropped", zh = "不采纳" },
  },

  start = "proposed",

  on "drop" { by = { "pm", "sponsor" }, note = "required", to = "dropped", title = { en = "Drop", zh = "不采纳" } },

  state "proposed" { owner = "pm",
    title = { en = "Proposed", zh = "已提出" },
    edit = { proposer = { "summary", "cause", "measure" }, pm = { "summary", "cause", "measure" } },
    within "planning" { "5 workdays",
      title = { en = "Plan of the improvement", zh = "改进计划" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
    },
    on "plan" { by = { "pm", "sponsor" }, takes = { "measure", "holder", "by_day", "look_on" },
      needs = { "measure", "holder", "by_day", "look_on" }, to = "doing", title = { en = "Plan", zh = "制定计划" } },
  },

  state "doing" { owner = holder,
    title = { en = "Being done", zh = "实施中" },
    enter = notify "owner",
    within "doing" { due = "by_day",
      title = { en = "Improvement", zh = "改进实施" },
      at   "75%" { remind "owner" },
      late "0"   { remind "owner", notify "pm" },
      again "3 workdays" { remind "owner", notify { "pm", "sponsor" }, most = 5 },
    },
    on "finish" { by = { "owner", "pm" }, takes = { "done" }, needs = { "done" }, run = set { rounds = plus(1) }, to = "settling",
      title = { en = "Done", zh = "实施完成" } },
    on "move"   { by = "pm", takes = { "by_day", "look_on" }, needs = { "by_day" }, note = "required", to = "doing",
      title = { en = "Move to another day", zh = "改期" } },
  },

  -- Whether it helped shows later.
  state "settling" { owner = "pm",
    title = { en = "Effect is awaited", zh = "待评审效果" },
    within "look" { due = "look_on",
      title = { en = "Look at the effect", zh = "效果评审" },
      late "0"  { remind "owner" },
      again "3 workdays" { remind "owner", notify "sponsor", most = 5 },
    },
    on "effective"   { by = { "pm", "sponsor" }, takes = { "effect" }, needs = { "effect" }, to = "effective",
      title = { en = "It is better", zh = "有效" } },
    on "ineffective" { by = { "pm", "sponsor" }, takes = { "effect", "by_day", "look_on" }, needs = { "effect", "by_day", "look_on" }, to = "doing",
      title = { en = "It is not: again", zh = "无效,再次实施" } },
  },

  final "effective" { outcome = "effective", title = { en = "It is better", zh = "改进有效" }, enter = notify { "proposer", "sponsor" } },
  final "dropped"   { outcome = "dropped", title = { en = "Dropped", zh = "不采纳" } },
}
