-- SPDX-License-Identifier: Apache-2.0
-- A meeting with the client, or the review at the end of a stage: agenda before, minutes after, decisions
-- in writing, and every action a case of its own with its holder and its day. Minutes that nobody objects
-- to within three working days stand; a stage is passed by signatures only.
return workflow "meeting" {
  key = "MT", version = 1,
  title  = { en = "Meeting", zh = "会议" },
  client = "project",
  open   = { by = { "pm", "client", "sponsor" }, takes = { "summary", "kind", "begins", "place", "agenda" } },
  roles  = { "pm", "engineer", "sponsor", "client", caller = "opener" },

  fields = {
    summary   = text   { max = 200, required = true, title = { en = "Subject", zh = "主题" } },
    kind      = choice { "meeting", "kickoff", "stage_review", default = "meeting", indexed = true, title = { en = "Kind", zh = "类型" },
      titles = {
        meeting      = { en = "Meeting", zh = "例会" },
        kickoff      = { en = "Kick-off", zh = "启动会" },
        stage_review = { en = "Stage review", zh = "阶段评审" },
      } },
    begins    = time   { required = true, title = { en = "Begins", zh = "开始时间" } },
    place     = text   { max = 200, title = { en = "Place or link", zh = "地点或链接" } },
    agenda    = text   { title = { en = "Agenda", zh = "议程" } },
    present   = text   { title = { en = "Present", zh = "出席人员" } },
    minutes   = text   { title = { en = "Minutes", zh = "会议纪要" } },
    decisions = list   { max = 50, of = text { max = 500 }, title = { en = "Decisions", zh = "决议" } },
    actions   = list   { max = 50, of = record { fields = {
      what   = text   { required = true, max = 300, title = { en = "What", zh = "行动" } },
      who    = person { required = true, title = { en = "Who", zh = "责任人" } },
      by_day = date   { required = true, title = { en = "By when", zh = "完成日期" } },
    } }, title = { en = "Actions", zh = "行动项" } },
  },
  internal = {
    preparation = text { title = { en = "Preparation", zh = "会前准备" } },
  },

  outcomes = {
    agreed     = { en = "Minutes agreed to", zh = "纪要已确认" },
    unopposed  = { en = "Minutes not objected to", zh = "纪要未提异议" },
    passed     = { en = "Stage passed", zh = "阶段通过" },
    not_passed = { en = "Stage not passed", zh = "阶段未通过" },
    cancelled  = { en = "Cancelled", zh = "已取消" },
  },

  start = "called",

  state "called" { owner = "pm",
    title = { en = "Called", zh = "已召集" },
    enter = notify { "pm", "engineer", "sponsor", "client" },
    edit = { pm = { "summary", "kind", "place", "agenda", "preparation" }, caller = { "summary", "agenda" } },
    within "meeting" { due = "begins",
      title = { en = "Meeting", zh = "会议" },
      at   "80%" { remind { "pm", "engineer", "sponsor", "client" } },
      late "0"   { go "held" },
    },
    on "move"   { by = { "pm", "caller" }, takes = { "begins", "place" }, needs = { "begins" }, note = { "required", "shared" }, to = "called",
      title = { en = "Move", zh = "改期" } },
    on "cancel" { by = { "pm", "caller" }, note = { "required", "shared" }, to = "cancelled",
      run = notify { "pm", "engineer", "sponsor", "client" }, title = { en = "Cancel", zh = "取消" } },
  },

  state "held" { owner = "pm",
    title = { en = "Minutes are written", zh = "撰写纪要" },
    edit = { pm = { "agenda", "present", "minutes", "decisions", "actions" } },
    within "minutes" { "1 workday",
      title = { en = "Minutes", zh = "会议纪要" },
      at   "50%" { remind "owner" },
      late "0"   { remind "owner", notify "sponsor" },
    },
    on "circulate" { by = "pm", takes = { "present", "minutes", "decisions", "actions" }, needs = { "present", "minutes" },
      when = { kind = is "stage_review" }, to = "reviewed", title = { en = "Send out the minutes", zh = "发出纪要" } },
    on "circulate" { by = "pm", takes = { "present", "minutes", "decisions", "actions" }, needs = { "present", "minutes" },
      to = "circulated", title = { en = "Send out the minutes", zh = "发出纪要" } },
    on "not_held"  { by = "pm", note = { "required", "shared" }, to = "cancelled", title = { en = "It was not held", zh = "会议未召开" } },
  },

  state "circulated" { waiting_for = "client",
    title = { en = "Minutes are sent out", zh = "纪要待确认" },
    client_title = { en = "Do you agree to the minutes?", zh = "请确认会议纪要" },
    approval {
      covers = { "present", "minutes", "decisions", "actions" },
      rule = all_of { veto "client" { nobody = "skip" }, one_of "client" { nobody = "pm" } },
      approved = "agreed", rejected = "held", changes = "held",
    },
    within "objection" { "3 workdays", clock = "client",
      title = { en = "Objections to the minutes", zh = "纪要异议期" },
      at   "50%" { remind "pending" },
      late "0"   { decide "approved" { as = "unopposed" } },
    },
  },

  -- No silence passes a stage.
  state "reviewed" { waiting_for = "client",
    title = { en = "Stage is decided", zh = "阶段评审表决" },
    client_title = { en = "Is the stage passed?", zh = "请确认阶段是否通过" },
    approval {
      covers = { "minutes", "decisions", "actions" },
      rule = in_order {
        one_of "sponsor" { nobody = "skip" },
        one_of "client"  { nobody = "reject" },
      },
      approved = "agreed", rejected = "not_passed", changes = "held",
    },
    within "verdict" { "5 workdays", clock = "client",
      title = { en = "Stage decision", zh = "阶段评审结论" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
      again "2 workdays" { remind "pending", notify { "pm", "sponsor" }, most = 5 },
    },
  },

  -- What was agreed to is begun: every action a case, of the project manager's asking.
  state "agreed" {
    title = { en = "Agreed", zh = "已确认" },
    enter = function(c)
      for _, one in ipairs(c.fields.actions or {}) do
        c:open("action", { summary = one.what, holder = one.who, by_day = one.by_day, source = c.fields.summary }, c.people.pm[1])
      end
    end,
    always { when = { kind = is "stage_review" }, to = "stage_done" },
    always { to = "done" },
  },

  final "done"       { outcome = "agreed", title = { en = "Minutes filed", zh = "纪要已归档" } },
  final "stage_done" { outcome = "passed", title = { en = "Stage passed", zh = "阶段通过" } },
  final "not_passed" { outcome = "not_passed", title = { en = "Stage not passed", zh = "阶段未通过" } },
  final "cancelled"  { outcome = "cancelled", title = { en = "Cancelled", zh = "已取消" } },
}
