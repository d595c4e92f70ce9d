// SPDX-License-Identifier: Apache-2.0
// What the page says on which a client raises something.
import { texts } from "../../lib/i18n";

export const t = texts({
  title: ["Tell us something", "向我们提出"],
  which: ["What is it about?", "您要提出什么？"],
  project: ["Project", "项目"],
  send: ["Send", "提交"],
  other: ["Something else", "其他类型"],
  sent: ["{case} has been received.", "已收到 {case}。"],
  saved: ["{case} is saved. Choose below how it goes on.", "{case} 已保存。请在下方选择下一步。"],
  nothing: ["There is nothing that you can raise here", "您在此没有可提出的事项"],
  more: ["More", "更多"],
  back: ["Back to your projects", "返回项目"],
});
