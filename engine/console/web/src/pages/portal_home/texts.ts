// SPDX-License-Identifier: Apache-2.0
// What the portal's first page says.
import { texts } from "../../lib/i18n";

export const t = texts({
  title: ["Your projects", "您的项目"],
  waits: ["Waiting for you", "等待您处理"],
  nothing: ["Nothing is waiting for you right now.", "目前没有需要您处理的事项。"],
  approval: ["Your decision is asked for", "需要您作出决定"],
  other: ["It is your turn", "轮到您处理"],
  answer: ["Look and answer", "查看并答复"],
  raise: ["Tell us something", "向我们提出"],
  raise_help: ["A change you need, a problem, a question or a complaint.", "变更需求、问题、疑问或投诉。"],
  open: ["{n} under way", "进行中 {n} 项"],
  done: ["{n} finished", "已完成 {n} 项"],
  progress: ["{done} of {all} finished", "共 {all} 项，已完成 {done} 项"],
  finished: ["Finished ({n})", "已完成（{n}）"],
  empty: ["Nothing has been started in this project yet.", "此项目尚无事项。"],
  none: ["You are in no project yet", "您尚未加入任何项目"],
  none_more: ["Whoever asked you here adds you to the project; it then appears by itself.", "邀请您的人将您加入项目后，此处会自动显示。"],
  yours: ["from you", "由您提出"],
  asked: ["Asked of you: {what}", "请您处理：{what}"],
  show_more: ["Show more", "显示更多"],
});
