-- SPDX-License-Identifier: Apache-2.0
-- expect: unreachable-state 4:3
return workflow "wrong_line" { key = "PL",
  state "a" { on "go" { by = "pm", to = "done" } },
  state "b" { on "go" { by = "pm", to = "done" } },
  final "done",
}
