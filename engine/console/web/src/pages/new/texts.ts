// SPDX-License-Identifier: Apache-2.0
// What the page says on which a case is opened: to a client's people, who raise something, and to the team's own.
import { texts } from "../../lib/i18n";

export const t = texts({
  project: ["Project", "项目"],
  more: ["More", "更多"],
});

export const client = texts({
  title: ["Tell us something", "向我们提出"],
  which: ["What is it about?", "您要提出什么？"],
  send: ["Send", "提交"],
  other: ["Something else", "其他类型"],
  sent: ["{case} has been received.", "已收到 {case}。"],
  saved: ["{case} is saved. Choose below how it goes on.", "{case} 已保存。请在下方选择下一步。"],
  nothing: ["There is nothing that you can raise here", "您在此没有可提出的事项"],
  back: ["Back to your projects", "返回项目"],
});

export const team = texts({
  title: ["Open a case", "新建事项"],
  which: ["Of which workflow?", "选择流程"],
  send: ["Open", "新建"],
  other: ["Another workflow", "其他流程"],
  sent: ["{case} is open.", "{case} 已新建。"],
  saved: ["{case} is open and waits for you.", "{case} 已新建，等待您处理。"],
  nothing: ["In no project of yours you may open a case", "您的项目中没有可新建的事项"],
  back: ["Back to the inbox", "返回待办"],
});
