// SPDX-License-Identifier: Apache-2.0
// What the inbox says.
import { texts } from "../../lib/i18n";

export const t = texts({
  title: ["Inbox", "待办"],
  waiting: ["{n} {n|thing waits|things wait} for you", "有 {n} 项等待您处理"],
  none: ["Nothing waits for you", "没有待办事项"],
  none_more: ["When somebody asks you for an answer, it appears here by itself.", "有人需要您答复时，会自动出现在这里。"],
  to_projects: ["Look at the projects", "查看项目"],
  to_board: ["Look at the board", "查看看板"],
  more: ["Show more", "显示更多"],
  list: ["What waits for you, most urgent first", "待办列表，最紧急的在前"],
  since: ["since {time}", "自 {time}"],
  key_next: ["Next", "下一项"],
  key_previous: ["Previous", "上一项"],
});
