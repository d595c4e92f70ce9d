-- SPDX-License-Identifier: Apache-2.0
-- expect: unreachable-state 5:9
return workflow "wrong_column" { key = "PL",
  state "a" { on "go" { by = "pm", to = "done" } },
  state "b" { on "go" { by = "pm", to = "done" } },
  final "done",
}
