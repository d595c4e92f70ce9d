-- SPDX-License-Identifier: Apache-2.0
people { li = "pm", robot = "intake" }

local ISSUE = { title = "Export fails", html_url = "https://github.com/acme/erp/issues/7" }

test "an issue of GitHub is a case, and closed with it" (function(t)
  local c = t:hook("github", { headers = { ["X-GitHub-Event"] = "issues" }, body = { action = "opened", issue = ISSUE } })
  c:expect { state = "open", opener = "robot", fields = { summary = "Export fails" } }
  t:hook("github", { headers = { ["X-GitHub-Event"] = "issues" }, body = { action = "closed", issue = ISSUE } })
  c:expect { state = "fixed", owner = "li" }
  c:fire("reopen", { by = "li" })
  t:hook("github", { headers = { ["X-GitHub-Event"] = "pull_request" }, body = { action = "closed",
    pull_request = { merged = true, title = "Fixes BUG-1", html_url = "https://github.com/acme/erp/pull/8" } } })
  c:fire("confirm", { by = "li" })
  c:expect { outcome = "fixed" }
end)

test "what is no news is ignored" (function(t)
  t:refuse_hook("github", { headers = { ["X-GitHub-Event"] = "star" }, body = {}, why = "ignored" })
  t:refuse_hook("github", { headers = { ["X-GitHub-Event"] = "issues" }, body = { action = "closed", issue = ISSUE },
    why = "there is no open case" })
  t:refuse_hook("partner", { body = { type = "signoff.comment" }, why = "signoff.comment" })
end)

test "an alert is one case, however often it is told" (function(t)
  local c = t:hook("monitor", { body = { alert = "disk-7", text = "Disk full" } })
  assert(t:hook("monitor", { body = { alert = "disk-7", text = "Disk still full" } }).key == c.key)
  t:hook("monitor", { body = { alert = "disk-7", status = "resolved" } })
  c:expect { state = "fixed" }
  assert(#t:cases "bug" == 1)
end)

test "another team's case is a fault here" (function(t)
  local c = t:hook("partner", { body = { type = "signoff.open", subject = "IS-4", source = "/teams/support" } })
  c:expect { fields = { url = "/teams/support/IS-4" } }
  t:refuse_hook("github", { headers = { ["X-GitHub-Event"] = "pull_request" }, why = "not_found", body = { action = "closed",
    pull_request = { merged = true, title = "BUG-99", html_url = "x" } } })
end)
