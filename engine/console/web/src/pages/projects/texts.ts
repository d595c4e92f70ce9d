// SPDX-License-Identifier: Apache-2.0
// What the list of projects says.
import { texts } from "../../lib/i18n";

export const t = texts({
  title: ["Projects", "项目"],
  find: ["Find by name, key or client", "按名称、编号或客户查找"],
  none: ["No project of that name", "没有匹配的项目"],
  none_more: ["A lead adds projects in the administration, or by “signoff project new”.", "负责人可在“管理”中添加项目，或使用 “signoff project new”。"],
  own: ["for the team itself", "团队内部项目"],
  closed: ["closed", "已关闭"],
  clients: ["Clients", "客户"],
  left: ["no longer served", "已停止服务"],
});
