// SPDX-License-Identifier: Apache-2.0
// What a case's page in the portal says.
import { texts } from "../../lib/i18n";

export const t = texts({
  back: ["Your projects", "您的项目"],
  opened: ["Started {day}", "开始于 {day}"],
  files: ["Files", "文件"],
  add_file: ["Add a file", "添加文件"],
  added: ["{name} has been added.", "已添加 {name}。"],
  about: ["What it is about", "内容"],
  decisions: ["Decisions", "决定"],
  round: ["round {n}", "第 {n} 轮"],
  certificate: ["Certificate", "签核凭证"],
  as_json: ["for programs", "供程序使用"],
  certificate_help: [
    "A certificate is a file that proves the decision: keep it, print it, and have it checked by anybody, without this site.",
    "签核凭证是证明该决定的文件：可保存、打印，任何人都可脱离本站点进行验证。",
  ],
  ask: ["Ask or add something", "提问或补充"],
  ask_help: ["Whoever works on it reads this, and it is kept with the case.", "处理人员会看到，并随事项保存。"],
  your_words: ["Your words", "您的内容"],
  send: ["Send", "发送"],
  sent: ["Sent.", "已发送。"],
  can: ["What you can do", "您可以进行的操作"],
  happened: ["What has happened", "经过"],
  by_itself: ["by itself", "系统"],
  earlier: ["Show what came before", "显示更早的记录"],
  opened_it: ["opened it", "发起了此事项"],
  wrote: ["wrote", "写道"],
  voted: ["answered: {choice}", "答复：{choice}"],
  attached: ["added a file", "添加了文件"],
  changed: ["changed: {fields}", "修改了：{fields}"],
  went_on: ["it went on", "事项继续"],
  to: ["now: {states}", "现为：{states}"],
  result: ["Decided: {outcome}", "决定：{outcome}"],
});
