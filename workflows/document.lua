-- SPDX-License-Identifier: Apache-2.0
-- A document that both sides work by: which version holds, what its bytes are, who confirmed it. It lies
-- here as a file, whose hash the server takes, or elsewhere (a drive, a box) as a link with the SHA-256 of
-- what lay there when it was confirmed. Every version is confirmed anew; what was confirmed stays on record.
return workflow "document" {
  key = "DC", version = 1,
  title  = { en = "Document", zh = "文档" },
  client = "project",
  open   = { by = { "pm", "engineer" }, takes = { "summary", "kind" } },
  roles  = { "pm", "engineer", "sponsor", "client", author = "opener" },

  fields = {
    summary   = text   { max = 200, required = true, title = { en = "Document", zh = "文档名称" } },
    kind      = choice { "plan", "specification", "design", "manual", "report", "contract", "other", default = "other", indexed = true,
      title = { en = "Kind", zh = "类型" },
      titles = {
        plan          = { en = "Plan", zh = "计划" },
        specification = { en = "Specification", zh = "规格说明" },
        design        = { en = "Design", zh = "设计" },
        manual        = { en = "Manual", zh = "手册" },
        report        = { en = "Report", zh = "报告" },
        contract      = { en = "Contract", zh = "合同" },
        other         = { en = "Other", zh = "其他" },
      } },
    release   = text   { max = 40, indexed = true, title = { en = "Version", zh = "版本号" } },
    content   = file   { title = { en = "File", zh = "文件" } },
    link      = text   { max = 500, title = { en = "Link", zh = "链接" } },
    sha256    = text   { min = 64, max = 64, title = { en = "SHA-256 of what lies there", zh = "链接内容的 SHA-256" } },
    changes   = text   { title = { en = "What is new", zh = "变更说明" } },
    confirmed = list   { max = 200, of = record { fields = {
      release = text { title = { en = "Version", zh = "版本号" } },
      content = text { title = { en = "File or SHA-256", zh = "文件或 SHA-256" } },
      who     = text { title = { en = "Confirmed by", zh = "确认人" } },
      at      = time { title = { en = "On", zh = "确认时间" } },
    } }, title = { en = "Confirmed versions", zh = "已确认版本" } },
  },
  internal = {
    remarks = text { title = { en = "Remarks of the team", zh = "内部备注" } },
  },

  outcomes = {
    withdrawn = { en = "No longer in force", zh = "已作废" },
  },

  start = "writing",

  state "writing" { owner = "author",
    title = { en = "Being written", zh = "编写中" },
    client_title = { en = "Being prepared", zh = "编写中" },
    edit = { author = { "summary", "kind", "release", "content", "link", "sha256", "changes", "remarks" },
      pm = { "summary", "kind", "release", "content", "link", "sha256", "changes", "remarks" } },
    within "writing" { "10 workdays",
      title = { en = "Document", zh = "文档编写" },
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", notify "pm" },
    },
    on "submit"   { by = { "author", "pm" }, needs = { "release" }, to = "reviewing",
      when = function(c)
        if c.fields.content ~= nil then return true end
        return c.fields.link ~= nil and matches(c.fields.sha256 or "", "^[0-9a-f]{64}$"),
          "attach the file, or give the link and the SHA-256 (64 small hexadecimal digits) of what lies there"
      end,
      title = { en = "Present for review", zh = "提交审核" } },
    on "withdraw" { by = { "author", "pm" }, note = { "required", "shared" }, to = "withdrawn", title = { en = "Withdraw", zh = "作废" } },
  },

  -- Not by who wrote it.
  state "reviewing" {
    title = { en = "Being reviewed", zh = "内部审核" },
    client_title = { en = "Being prepared", zh = "编写中" },
    approval {
      covers = { "summary", "release", "content", "link", "sha256" },
      rule = one_of { "pm", "engineer", "sponsor" } { exclude = { "author" }, nobody = "reject" },
      approved = "confirming", rejected = "writing", changes = "writing",
    },
    within "review" { "2 workdays",
      title = { en = "Review", zh = "文档审核" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
    },
  },

  -- The digest of the round holds the file's hash: who confirms, confirms these bytes.
  state "confirming" { waiting_for = "client",
    title = { en = "Being confirmed", zh = "待客户确认" },
    client_title = { en = "Please confirm the document", zh = "请确认文档" },
    approval {
      covers = { "summary", "release", "content", "link", "sha256" },
      rule = one_of "client" { nobody = "reject" },
      approved = "in_force", rejected = "writing", changes = "writing",
    },
    within "confirmation" { "3 workdays", clock = "client",
      title = { en = "The client's confirmation", zh = "客户确认" },
      at   "50%" { remind "pending" },
      late "0"   { remind "pending", notify "pm" },
      again "2 workdays" { remind "pending", notify "pm", most = 5 },
    },
  },

  state "in_force" {
    title = { en = "In force", zh = "已生效" },
    enter = {
      function(c)
        local all, who = {}, {}
        for _, ballot in ipairs(c.ballots.confirming) do
          if ballot.standing and ballot.choice == "approve" then who[#who + 1] = ballot.person end
        end
        for i, one in ipairs(c.fields.confirmed or {}) do all[i] = one end
        all[#all + 1] = { release = c.fields.release, content = c.fields.sha256 or tostring(c.fields.content), who = table.concat(who, ", "), at = c.now }
        c:set("confirmed", all)
      end,
      notify { "pm", "engineer", "client" },
    },
    on "revise"   { by = { "author", "pm" }, takes = { "release", "changes" }, needs = { "release", "changes" }, to = "writing",
      title = { en = "Make a new version", zh = "修订新版本" } },
    on "withdraw" { by = { "author", "pm" }, note = { "required", "shared" }, to = "withdrawn",
      run = notify "client", title = { en = "Withdraw", zh = "作废" } },
  },

  final "withdrawn" { outcome = "withdrawn", title = { en = "No longer in force", zh = "已作废" } },
}
