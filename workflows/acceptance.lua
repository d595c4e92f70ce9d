-- SPDX-License-Identifier: Apache-2.0
-- A deliverable handed over to the client: agreed criteria first, then the client's test, rework
-- when it fails, and silence that counts as acceptance once service is proved.
return workflow "acceptance" {
  key = "AC", version = 1,
  title  = { en = "Acceptance", zh = "验收" },
  client = "project",
  open   = { by = "pm" },
  roles  = { "pm", "engineer", "sponsor", "client" },

  fields = {
    deliverable = text   { max = 200, required = true, title = { en = "Deliverable", zh = "交付物" } },
    criteria    = text   { title = { en = "Acceptance criteria", zh = "验收标准" } },
    stage       = choice { "initial", "final", default = "initial", title = { en = "Stage", zh = "验收阶段" } },
    served      = time   { title = { en = "Handed over on", zh = "送达时间" } },
    rework      = number { min = 0, default = 0, title = { en = "Rounds of rework", zh = "整改轮次" } },
  },

  start = "preparing",

  state "preparing" { owner = "pm",
    title = { en = "Preparing", zh = "准备中" },
    edit = { pm = { "deliverable", "criteria", "stage" } },
    on "serve"  { by = "pm", takes = { "served" }, needs = { "criteria", "served" }, to = "under_test",
      title = { en = "Hand over", zh = "提交验收" } },
    on "cancel" { by = "pm", to = "cancelled", note = "required", title = { en = "Cancel", zh = "取消" } },
  },

  state "under_test" { waiting_for = "client",
    title = { en = "Under test", zh = "客户测试" },
    client_title = { en = "Please test and decide", zh = "请测试并确认" },
    approval {
      covers = { "deliverable", "criteria", "served" },
      rule = one_of "client" { nobody = "reject" },
      approved = "accepted", rejected = "rework",
    },
    within "answer" { "14 days", from = "served",
      title = { en = "The client's answer", zh = "客户答复" },
      at   "50%" { remind "pending" },
      at   "80%" { remind "pending", notify "pm" },
      late "0"   { decide "approved" { as = "deemed" } },
    },
  },

  state "rework" { owner = "engineer",
    title = { en = "Rework", zh = "整改" },
    enter = set { rework = plus(1), served = empty },
    within "rework" { "7 days",
      title = { en = "Rework", zh = "整改" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify { "pm", "sponsor" } },
    },
    on "reworked" { by = "engineer", to = "preparing", title = { en = "Reworked", zh = "整改完成" } },
  },

  final "accepted"  { outcome = "accepted", title = { en = "Accepted", zh = "验收通过" } },
  final "cancelled" { outcome = "cancelled", title = { en = "Cancelled", zh = "已取消" } },
}
