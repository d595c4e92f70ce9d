// SPDX-License-Identifier: Apache-2.0
// What the board says.
import { texts } from "../../lib/i18n";

export const t = texts({
  title: ["Board", "看板"],
  of: ["Board: {workflow}", "看板：{workflow}"],
  workflow: ["Workflow", "流程"],
  project: ["Project", "项目"],
  every: ["every project", "全部项目"],
  mine: ["Waits for me", "等待我处理"],
  empty_states: ["Show empty columns", "显示空列"],
  none: ["No open case", "没有进行中的事项"],
  none_more: ["Open cases of this workflow appear here by themselves.", "该流程的进行中事项会自动出现在这里。"],
  no_workflow: ["There is no workflow yet", "尚无流程"],
  n: ["{n}", "{n}"],
  more_than: ["{n}+", "{n}+"],
  cases: ["{n} {n|case|cases}", "{n} 项"],
  due: ["due {time}", "截止 {time}"],
  overdue: ["overdue", "已超时"],
  stuck: ["stuck", "已卡住"],
  move: ["Move {case} …", "移动 {case}……"],
  move_title: ["What shall happen to {case}?", "{case} 要执行什么操作？"],
  not_now: ["Not possible now", "目前不能执行"],
  nothing: ["No event is possible for you now.", "目前没有您可执行的操作。"],
  agree: ["The move is decided by those who are asked: open the case to answer.", "此步骤由表决决定：请打开事项进行表决。"],
  by_itself: ["No event leads from “{from}” to “{to}”.", "没有操作可从“{from}”到“{to}”。"],
  moved: ["{case}: {event}, recorded as entry {entry}.", "{case}：{event}，已记录为第 {entry} 条。"],
  which: ["More than one event leads there. Which one?", "有多个操作可到达该状态，请选择："],
  drag: ["Drag a card to another column, or use “Move” on it.", "可将卡片拖到其他列，或使用卡片上的“移动”。"],
});
