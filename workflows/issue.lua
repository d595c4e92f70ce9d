-- SPDX-License-Identifier: Apache-2.0
-- Something a client reports: taken up, worked on, answered, and open again if it comes back.
-- The time to answer and the time to solve are working time and depend on the priority; waiting
-- for the client stops the clock, waiting for a supplier does not.
return workflow "issue" {
  key = "IS", version = 1, serves = "issue",
  title  = { en = "Client issue", zh = "客户问题" },
  client = "project",
  open   = { by = { "client", "support", "pm" } },
  roles  = { "support", "engineer", "pm", "sponsor", "client", reporter = "opener" },

  fields = {
    summary  = text   { max = 200, required = true, title = { en = "Summary", zh = "概要" } },
    details  = text   { title = { en = "What happened", zh = "问题描述" } },
    kind     = choice { "defect", "question", "request", default = "question", indexed = true,
      titles = {
        defect   = { en = "Defect", zh = "缺陷" },
        question = { en = "Question", zh = "咨询" },
        request  = { en = "Request", zh = "请求" },
      },
      title = { en = "Kind", zh = "类型" } },
    answer   = text   { title = { en = "Answer", zh = "答复" } },
    reopened = number { min = 0, default = 0, title = { en = "Times reopened", zh = "重新打开次数" } },
  },
  internal = {
    ticket = text { max = 80, title = { en = "Ticket of the supplier", zh = "供应商工单号" } },
    cause = choice { "product", "configuration", "data", "use", "third_party", title = { en = "Cause", zh = "原因" },
      titles = {
        product       = { en = "Product", zh = "产品" },
        configuration = { en = "Configuration", zh = "配置" },
        data          = { en = "Data", zh = "数据" },
        use           = { en = "Use", zh = "使用" },
        third_party   = { en = "Third party", zh = "第三方" },
      } },
    level = choice { "first_line", "second_line", "supplier", default = "first_line", title = { en = "Support level", zh = "支持级别" },
      titles = {
        first_line  = { en = "First line", zh = "一线" },
        second_line = { en = "Second line", zh = "二线" },
        supplier    = { en = "Supplier", zh = "供应商" },
      } },
  },

  outcomes = {
    solved     = { en = "Solved", zh = "已解决" },
    declined   = { en = "Declined", zh = "不予受理" },
    unanswered = { en = "Closed without a reply", zh = "客户未回复" },
  },

  start = "open",

  -- What is late becomes the project manager's, who can then do what the support does.
  -- Wherever the case is, it may turn out to be more urgent than it seemed.
  on "raise" { by = { "support", "pm", "client" }, run = priority "up", note = "required",
    title = { en = "Raise priority", zh = "提升优先级" } },

  state "open" { start = "reported",
    title = { en = "Open", zh = "处理中" },

    -- How soon it must be solved; stands still while the client is asked.
    within "solution" { per "priority" { urgent = "8 workhours", high = "2 workdays", normal = "5 workdays", low = "15 workdays" },
      title = { en = "Solution", zh = "解决" },
      at   "50%"    { remind "owner" },
      at   "80%"    { remind "owner", notify "support" },
      late "0"      { notify { "owner", "pm" } },
      late "1 workday"  { notify "pm" },
      late "3 workdays" { reassign "pm", notify "sponsor" },
      again "2 workdays" { remind "owner", notify "sponsor", most = 5 },
    },

    state "reported" { owner = "support",
      title = { en = "Reported", zh = "已报告" },
      edit = { reporter = { "summary", "details", "kind" }, support = { "kind", "level" } },
      within "first_answer" { per "priority" { urgent = "1 workhour", high = "2 workhours", normal = "1 workday", low = "2 workdays" },
        title = { en = "First answer", zh = "首次答复" },
        at   "75%"     { remind "owner" },
        late "0"       { remind "owner", notify "pm" },
        late "4 workhours" { reassign "pm", priority "up" },
      },
      on "take"   { by = { "support", "pm" }, to = "working", title = { en = "Take up", zh = "受理" } },
      on "reject" { by = { "support", "pm" }, to = "declined", note = { "required", "shared" }, title = { en = "Decline", zh = "不予受理" } },
    },

    -- Leaving this state remembers where the work was, so that a reply brings it back there.
    state "handling" { start = "working",
      title = { en = "Being handled", zh = "处理中" },

      state "working" { owner = "support",
        title = { en = "In work", zh = "处理中" },
        edit = { support = { "kind", "level", "cause", "answer" }, engineer = { "cause", "answer" } },
        on "ask"      { by = { "support", "engineer", "pm" }, to = "waiting", note = { "required", "shared" },
          title = { en = "Ask the client", zh = "询问客户" } },
        on "escalate" { by = { "support", "pm" }, to = "second_line", run = set { level = "second_line" },
          title = { en = "Hand to engineering", zh = "转二线" } },
        on "solve"    { by = { "support", "pm" }, takes = { "answer", "cause" }, needs = { "answer" }, to = "solved",
          title = { en = "Solve", zh = "解决" } },
      },

      state "second_line" { owner = "engineer",
        title = { en = "With engineering", zh = "二线处理" },
        edit = { engineer = { "cause", "answer" } },
        on "ask"       { by = "engineer", to = "waiting", note = { "required", "shared" }, title = { en = "Ask the client", zh = "询问客户" } },
        on "hand_back" { by = "engineer", to = "working", note = "required", run = set { level = "first_line" },
          title = { en = "Hand back", zh = "退回一线" } },
        on "pass_on"   { by = "engineer", takes = { "ticket" }, needs = { "ticket" }, to = "third_line",
          run = set { level = "supplier" }, title = { en = "Pass on to the supplier", zh = "转供应商" } },
        on "solve"     { by = "engineer", takes = { "answer", "cause" }, needs = { "answer" }, to = "solved",
          title = { en = "Solve", zh = "解决" } },
      },

      -- The client's time runs on: whose fault it is makes no difference to them.
      state "third_line" { owner = "engineer",
        title = { en = "With the supplier", zh = "供应商处理" },
        client_title = { en = "In work", zh = "处理中" },
        within "supplier" { "3 workdays",
          title = { en = "The supplier's answer", zh = "供应商答复" },
          late "0" { remind "owner" },
          again "2 workdays" { remind "owner", notify "pm", most = 10 },
        },
        on "returned" { by = "engineer", to = "second_line", note = "required", run = set { level = "second_line" },
          title = { en = "Back from the supplier", zh = "供应商已答复" } },
      },

      history "where_it_was" { start = "working" },
    },

    state "waiting" { waiting_for = "client",
      title = { en = "Waiting for the client", zh = "等待客户" },
      client_title = { en = "Waiting for you", zh = "待您回复" },
      on "reply"  { by = { "client", "reporter" }, takes = { "details" }, to = "where_it_was",
        title = { en = "Reply", zh = "回复" } },
      on "resume" { by = { "support", "engineer" }, to = "where_it_was", note = "required",
        title = { en = "Go on without a reply", zh = "继续处理" } },
      within "reply" { "5 workdays", clock = "client",
        title = { en = "The client's reply", zh = "客户回复" },
        at   "50%" { remind "client" },
        late "0"   { remind "client", notify "support" },
      },
      after "15 workdays" { to = "unanswered" },
    },
  },

  -- Solved as we see it; the client has ten working days to see it otherwise.
  state "solved" { waiting_for = "client",
    title = { en = "Solved", zh = "已解决" },
    client_title = { en = "Solved: please confirm", zh = "已解决,请确认" },
    on "confirm" { by = { "client", "reporter" }, to = "closed", title = { en = "Confirm", zh = "确认" } },
    on "reopen"  { by = { "client", "reporter", "support" }, note = { "required", "shared" }, to = "working",
      run = { set { reopened = plus(1) }, priority "up", notify "pm" },
      title = { en = "Reopen", zh = "重新打开" } },
    within "confirmation" { "10 workdays", clock = "client",
      title = { en = "Confirmation", zh = "客户确认" },
      at   "50%" { remind "client" },
      late "0"   { go "closed" },
    },
  },

  -- For thirty days a closed issue is the same issue when it comes back.
  state "closed" {
    title = { en = "Closed", zh = "已关闭" },
    on "reopen" { by = { "client", "reporter", "support" }, note = { "required", "shared" }, to = "working",
      run = { set { reopened = plus(1) }, priority "up", notify "pm" },
      title = { en = "Reopen", zh = "重新打开" } },
    -- A project that ends does not wait for that: its closeout asks for nothing open.
    on "settle" { by = { "pm", "client" }, to = "settled", title = { en = "File for good", zh = "提前归档" } },
    after "30 days" { to = "settled" },
  },

  final "settled"    { outcome = "solved", title = { en = "Settled", zh = "已归档" } },
  final "declined"   { outcome = "declined", title = { en = "Declined", zh = "不予受理" } },
  final "unanswered" { outcome = "unanswered", title = { en = "Closed without a reply", zh = "客户未回复" } },
}
