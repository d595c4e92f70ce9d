-- SPDX-License-Identifier: Apache-2.0
-- What somebody has to do by a day: decided in a meeting, or said in passing. Its holder may be of either
-- side; who does not do it is asked, and then the project manager is told.
return workflow "action" {
  key = "AT", version = 1,
  title  = { en = "Action", zh = "待办行动" },
  client = "own",
  open   = { by = { "pm", "engineer", "sponsor", "client" } },
  roles  = { "pm", "engineer", "sponsor", "client", asker = "opener" },

  fields = {
    summary = text   { max = 300, required = true, title = { en = "What is to be done", zh = "行动内容" } },
    holder  = person { required = true, title = { en = "By whom", zh = "责任人" } },
    by_day  = date   { required = true, indexed = true, title = { en = "By when", zh = "完成日期" } },
    source  = text   { max = 200, title = { en = "Decided in", zh = "来源" } },
    result  = text   { title = { en = "Result", zh = "结果" } },
    moved   = number { min = 0, default = 0, title = { en = "Moved so many times", zh = "改期次数" } },
  },

  outcomes = {
    done    = { en = "Done", zh = "已完成" },
    dropped = { en = "Dropped", zh = "已取消" },
  },

  start = "to_do",

  state "to_do" { owner = function(c) return c.fields.holder end,
    title = { en = "To do", zh = "待办" },
    enter = notify "owner",
    within "action" { due = "by_day",
      title = { en = "Action", zh = "行动" },
      at   "75%" { remind "owner" },
      late "0"   { remind "owner", notify "pm", priority "up" },
      again "2 workdays" { remind "owner", notify "pm", most = 5 },
    },
    on "finish"  { by = { "owner", "pm" }, takes = { "result" }, needs = { "result" }, to = "done",
      title = { en = "Done", zh = "完成" } },
    on "move"    { by = { "pm", "asker" }, takes = { "by_day" }, needs = { "by_day" }, note = { "required", "shared" }, to = "to_do",
      run = set { moved = plus(1) }, title = { en = "Move to another day", zh = "改期" } },
    on "hand_on" { by = { "owner", "pm" }, takes = { "holder" }, needs = { "holder" }, to = "to_do",
      title = { en = "Hand on", zh = "转交" } },
    on "drop"    { by = { "pm", "asker" }, note = { "required", "shared" }, to = "dropped", title = { en = "Drop", zh = "取消" } },
  },

  final "done"    { outcome = "done", title = { en = "Done", zh = "已完成" }, enter = notify { "asker", "pm" } },
  final "dropped" { outcome = "dropped", title = { en = "Dropped", zh = "已取消" } },
}
