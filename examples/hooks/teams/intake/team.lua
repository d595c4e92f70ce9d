-- SPDX-License-Identifier: Apache-2.0
-- A team that hears of faults from GitHub, from its monitoring, and from another team's Signoff. "robot"
-- is a person of the team like any other: what a hook may do is what robot may. See README.md.

-- "BUG-12" in the title of a pull request.
local function key_in(text)
  return text:match "%f[%w]BUG%-%d+"
end

return team "intake" {
  title = { en = "Fault desk", zh = "故障受理组" },
  timezone = "Asia/Shanghai", language = "en", currency = "CNY",
  use "bug",

  -- GitHub signs with the secret alone. Its issue is found again by its address.
  hook "github" { scheme = "github", by = "robot", does = function(h)
    local kind, b = h.headers["x-github-event"], h.body
    if kind == "issues" and b.action == "opened" then
      return { open = "bug", fields = { summary = b.issue.title, url = b.issue.html_url } }
    elseif kind == "issues" and b.action == "closed" then
      return { fire = "fixed", case = { workflow = "bug", url = b.issue.html_url }, comment = "closed on GitHub" }
    elseif kind == "pull_request" and b.action == "closed" and b.pull_request.merged and key_in(b.pull_request.title) then
      return { fire = "fixed", case = key_in(b.pull_request.title), comment = "merged: " .. b.pull_request.html_url }
    end
    return { ignore = "no news: " .. (kind or "no event") }
  end },

  -- A program that can send a header and no signature. One fault is one case, however often it is told.
  hook "monitor" { scheme = "bearer", by = "robot", does = function(h)
    if h.body.status == "resolved" then
      return { fire = "fixed", case = { workflow = "bug", url = h.body.alert } }
    end
    return { comment = h.body.text, case = { workflow = "bug", url = h.body.alert },
      otherwise = { open = "bug", fields = { summary = h.body.text, url = h.body.alert } } }
  end },

  -- Another team's Signoff: signoff endpoint add desk https://HOST/hooks/intake/partner --secret ... there.
  hook "partner" { scheme = "standard", by = "robot", does = function(h)
    if h.body.type ~= "signoff.open" then return { ignore = h.body.type } end
    return { open = "bug", fields = { summary = "Reported as " .. h.body.subject, url = h.body.source .. "/" .. h.body.subject } }
  end },
}
