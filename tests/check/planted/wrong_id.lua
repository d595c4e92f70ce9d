-- SPDX-License-Identifier: Apache-2.0
-- expect: stuck-state 5:3
return workflow "wrong_id" { key = "PL",
  state "a" { on "go" { by = "pm", to = "done" } },
  state "b" { on "go" { by = "pm", to = "done" } },
  final "done",
}
