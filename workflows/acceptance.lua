-- SPDX-License-Identifier: Apache-2.0
-- A deliverable handed over to the client. What counts as good is agreed before anything is
-- tested; then initial acceptance, trial operation, final acceptance. Each ends in one of:
--   accepted                 the client says so
--   deemed                   served with proof, ten working days of silence (视为验收)
--   unilateral               put off by the client, tested alone, the report handed over (单方验收)
--   accepted_with_reservations   what is left to do is written down, agreed to and done
--   partially_accepted       one part is taken, the rest is handed over as a case of its own
--   rejected                 the third test in a row has failed
-- The warranty begins with the acceptance.

-- The client has ten working days from the proof of service; silence is an answer, too.
local function answer(name, titles)
  return within(name) { "10 workdays", clock = "client", from = "served", title = titles,
    at   "50%" { remind "pending" },
    at   "80%" { remind "pending", notify "pm" },
    late "0"   { decide "approved" { as = "deemed" } },
  }
end

-- One of the client's people agrees for all, and one of them objects for all: where silence is an answer,
-- nobody's objection may drown in it.
local function client_says()
  return all_of { veto "client" { nobody = "skip" }, one_of "client" { nobody = "reject" } }
end

-- What the client may do in a test besides agreeing and rejecting.
local function note_defects()
  return on "note_defects" { by = { "client", "engineer", "pm" }, takes = { "defects" }, needs = { "defects" },
    title = { en = "Note defects", zh = "记录缺陷" } }
end
local function reserve()
  return on "reserve" { by = "client", takes = { "reservations" }, needs = { "reservations" }, to = "reserving",
    title = { en = "Accept with reservations", zh = "有保留地接受" } }
end
local function postpone()
  return on "postpone" { by = "client", note = "required", to = "postponed",
    title = { en = "Put the test off", zh = "推迟测试" } }
end

return workflow "acceptance" {
  key = "AC", version = 1, serves = "acceptance",
  title  = { en = "Acceptance", zh = "验收" },
  client = "project",
  open   = { by = "pm" },
  roles  = { "pm", "engineer", "sponsor", "client" },

  fields = {
    deliverable  = text   { max = 200, required = true, title = { en = "Deliverable", zh = "交付物" } },
    release      = text   { max = 80, title = { en = "Version", zh = "版本" } },
    criteria     = text   { title = { en = "Acceptance criteria", zh = "验收标准" } },
    stage        = choice { "initial", "final", default = "initial", title = { en = "Stage", zh = "验收阶段" },
      titles = {
        initial = { en = "Initial acceptance", zh = "初验" },
        final   = { en = "Final acceptance", zh = "终验" },
      } },
    served       = time   { title = { en = "Handed over on", zh = "送达时间" } },
    report       = text   { title = { en = "Test report", zh = "测试报告" } },
    trial        = text   { title = { en = "Report of the trial operation", zh = "试运行报告" } },
    defects      = list   { of = record { fields = {
      what     = text { required = true, title = { en = "Defect", zh = "缺陷" } },
      severity = choice { "critical", "major", "minor", title = { en = "Severity", zh = "严重程度" },
        titles = {
          critical = { en = "Critical", zh = "致命" },
          major    = { en = "Major", zh = "严重" },
          minor    = { en = "Minor", zh = "一般" },
        } },
    } }, title = { en = "Defects", zh = "缺陷" } },
    rework       = number { min = 0, default = 0, title = { en = "Rejected so many times", zh = "整改轮次" } },
    reservations = text   { title = { en = "Reservations", zh = "保留事项" } },
    taken        = text   { title = { en = "Part that is accepted", zh = "已验收部分" } },
    remaining    = text   { max = 200, title = { en = "Part that is still to come", zh = "未验收部分" } },
    warranty     = date   { title = { en = "Warranty begins on", zh = "质保起始日" } },
  },

  outcomes = {
    accepted                   = { en = "Accepted", zh = "验收通过" },
    accepted_with_reservations = { en = "Accepted with reservations", zh = "有保留验收通过" },
    partially_accepted         = { en = "Partially accepted", zh = "部分验收通过" },
    deemed                     = { en = "Deemed accepted", zh = "视为验收" },
    unilateral                 = { en = "Accepted unilaterally", zh = "单方验收" },
    rejected                   = { en = "Rejected", zh = "验收不通过" },
    cancelled                  = { en = "Cancelled", zh = "已取消" },
  },

  start = "preparing",

  state "preparing" { owner = "pm",
    title = { en = "Preparing", zh = "准备中" },
    edit = { pm = { "deliverable", "release", "criteria", "stage" } },
    on "propose" { by = "pm", needs = { "criteria" }, to = "agreeing",
      title = { en = "Propose the criteria", zh = "提交验收标准" } },
    on "cancel"  { by = "pm", to = "cancelled", note = { "required", "shared" }, title = { en = "Cancel", zh = "取消" } },
  },

  -- Nothing is served before both sides know what it will be measured by.
  state "agreeing" { waiting_for = "client",
    title = { en = "Agreeing the criteria", zh = "确认验收标准" },
    client_title = { en = "Please agree to the criteria", zh = "请确认验收标准" },
    approval {
      covers = { "deliverable", "criteria" },
      rule = client_says(),
      approved = "ready", rejected = "preparing", changes = "preparing",
    },
    within "criteria" { "3 workdays", clock = "client",
      title = { en = "Answer to the criteria", zh = "标准确认" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
      again "2 workdays" { remind "pending", most = 5 },
    },
  },

  state "ready" { owner = "pm",
    title = { en = "Ready to be handed over", zh = "待提交验收" },
    edit = { pm = { "release" }, engineer = { "release" } },
    -- served is when the client had the notice in hand: the proof that the time to answer rests on
    on "serve"  { by = "pm", takes = { "served", "report" }, needs = { "served" }, when = { stage = is "final" },
      to = "final_test", title = { en = "Hand over", zh = "提交验收" } },
    on "serve"  { by = "pm", takes = { "served", "report" }, needs = { "served" }, to = "initial_test",
      title = { en = "Hand over", zh = "提交验收" } },
    on "cancel" { by = "pm", to = "cancelled", note = { "required", "shared" }, title = { en = "Cancel", zh = "取消" } },
  },

  state "initial_test" { waiting_for = "client",
    title = { en = "Initial acceptance", zh = "初验" },
    client_title = { en = "Initial acceptance: please test and decide", zh = "初验:请测试并确认" },
    approval {
      covers = { "deliverable", "release", "criteria", "served" },
      rule = client_says(),
      approved = "trial", rejected = "rework",
    },
    answer("initial_answer", { en = "Answer to the initial acceptance", zh = "初验答复" }),
    note_defects(), reserve(), postpone(),
  },

  -- In use at the client's, under watch. What was served is used up: the final acceptance has a
  -- service and a proof of its own.
  state "trial" { owner = "pm",
    title = { en = "Trial operation", zh = "试运行" },
    enter = set { stage = "final", served = empty, rework = 0 },
    within "trial" { "20 workdays", clock = "client",
      title = { en = "Trial operation", zh = "试运行" },
      at   "80%" { remind "owner" },
      late "0"   { remind { "owner", "client" } },
    },
    note_defects(),
    on "proven" { by = "pm", takes = { "trial" }, needs = { "trial" }, to = "ready",
      title = { en = "The trial has shown it", zh = "试运行完成" } },
    on "failed" { by = { "client", "pm" }, note = { "required", "shared" }, to = "rework",
      title = { en = "The trial has failed", zh = "试运行未通过" } },
  },

  state "final_test" { waiting_for = "client",
    title = { en = "Final acceptance", zh = "终验" },
    client_title = { en = "Final acceptance: please test and decide", zh = "终验:请测试并确认" },
    approval {
      covers = { "deliverable", "release", "criteria", "served" },
      rule = client_says(),
      approved = "accepted", rejected = "rework",
    },
    answer("final_answer", { en = "Answer to the final acceptance", zh = "终验答复" }),
    note_defects(), reserve(), postpone(),
    on "accept_part" { by = "client", takes = { "taken", "remaining" }, needs = { "taken", "remaining" }, to = "parting",
      title = { en = "Accept a part", zh = "部分接受" } },
  },

  state "rework" { owner = "engineer",
    title = { en = "Rework", zh = "整改" },
    enter = set { rework = plus(1), served = empty },
    -- Three failures in a row: who ordered it need not wait for a fourth.
    always { when = { rework = above(2) }, to = "refused" },
    within "rework" { "5 workdays",
      title = { en = "Rework", zh = "整改" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify { "pm", "sponsor" } },
      again "2 workdays" { remind "owner", notify "sponsor", most = 5 },
    },
    note_defects(),
    on "reworked" { by = "engineer", takes = { "release", "defects" }, to = "ready",
      title = { en = "Reworked", zh = "整改完成" } },
  },

  -- Both sides agree to the list of what is left, or the test goes on.
  state "reserving" {
    title = { en = "Agreeing the reservations", zh = "确认保留事项" },
    approval {
      covers = { "deliverable", "release", "criteria", "reservations" },
      rule = all_of {
        one_of "client" { nobody = "reject" },
        one_of "pm"     { nobody = "reject" },
      },
      approved = "reserved", rejected = "rework",
    },
    within "reservations" { "3 workdays",
      title = { en = "Answer to the reservations", zh = "保留事项确认" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "sponsor" },
    },
  },

  -- Reservations of the initial acceptance are worked off in the trial, those of the final one
  -- before the case ends.
  state "reserved" { owner = "engineer",
    title = { en = "Reservations are worked off", zh = "处理保留事项" },
    always { when = { stage = is "initial" }, to = "trial" },
    within "punch_list" { "20 workdays",
      title = { en = "Reservations", zh = "保留事项" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify { "pm", "sponsor" } },
    },
    on "cleared" { by = "client", to = "accepted_reserved",
      title = { en = "Confirm that all is done", zh = "确认保留事项已完成" } },
  },

  state "parting" {
    title = { en = "Agreeing the part", zh = "确认部分验收" },
    approval {
      covers = { "deliverable", "release", "criteria", "taken", "remaining" },
      rule = all_of {
        one_of "client" { nobody = "reject" },
        one_of "pm"     { nobody = "reject" },
      },
      approved = "accepted_part", rejected = "rework",
    },
    within "parting" { "3 workdays",
      title = { en = "Answer to the part", zh = "部分验收确认" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "sponsor" },
    },
  },

  -- The client may ask for time, but not for ever.
  state "postponed" { waiting_for = "client",
    title = { en = "Put off by the client", zh = "客户推迟" },
    client_title = { en = "Put off: please name a day", zh = "已推迟:请安排测试" },
    enter = set { served = empty },
    within "postponement" { "10 workdays", clock = "client",
      title = { en = "Time that the client asked for", zh = "推迟期限" },
      at   "50%" { remind "client" },
      at   "80%" { remind "client", notify "pm" },
      late "0"   { notify { "pm", "client" }, go "overdue" },
    },
    on "continue" { by = { "client", "pm" }, to = "ready", title = { en = "The test can begin", zh = "可以测试" } },
  },

  state "overdue" { owner = "pm",
    title = { en = "Not tested in time", zh = "逾期未测试" },
    on "continue"   { by = "client", to = "ready", title = { en = "The test can begin", zh = "可以测试" } },
    on "test_alone" { by = "pm", takes = { "served", "report" }, needs = { "served", "report" }, to = "unilateral",
      title = { en = "Hand over the report of our own test", zh = "移交单方测试报告" } },
  },

  state "unilateral" { waiting_for = "client",
    title = { en = "Unilateral acceptance", zh = "单方验收" },
    client_title = { en = "We have tested alone: please answer", zh = "已单方测试,请答复" },
    approval {
      covers = { "deliverable", "release", "criteria", "report", "served" },
      rule = client_says(),
      approved = "accepted", rejected = "rework",
    },
    within "objection" { "5 workdays", clock = "client", from = "served",
      title = { en = "Time to object", zh = "异议期" },
      at   "50%" { remind "pending" },
      at   "80%" { remind "pending", notify "pm" },
      late "0"   { decide "approved" { as = "unilateral" } },
    },
  },

  final "accepted"          { outcome = "accepted", title = { en = "Accepted", zh = "验收通过" },
    enter = set { warranty = now } },
  final "accepted_reserved" { outcome = "accepted_with_reservations", title = { en = "Accepted with reservations", zh = "有保留验收通过" },
    enter = set { warranty = now } },
  final "accepted_part"     { outcome = "partially_accepted", title = { en = "Partially accepted", zh = "部分验收通过" },
    -- what is still to come is handed over like anything else
    enter = function(c)
      c:open("acceptance", { deliverable = c.fields.remaining, criteria = c.fields.criteria })
    end },
  final "refused"           { outcome = "rejected", title = { en = "Rejected", zh = "验收不通过" } },
  final "cancelled"         { outcome = "cancelled", title = { en = "Cancelled", zh = "已取消" } },
}
