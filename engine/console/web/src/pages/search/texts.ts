// SPDX-License-Identifier: Apache-2.0
// What the search says.
import { texts } from "../../lib/i18n";

export const t = texts({
  title: ["Search", "搜索"],
  words: ["Words, or the key of a case", "关键词，或事项编号"],
  workflow: ["Workflow", "流程"],
  every: ["every workflow", "全部流程"],
  show: ["Which", "范围"],
  all: ["all", "全部"],
  open: ["open", "进行中"],
  overdue: ["overdue", "已超时"],
  ended: ["ended", "已结束"],
  of_project: ["Project {project}", "项目 {project}"],
  of_client: ["Client {client}", "客户 {client}"],
  without: ["Without this filter", "移除此筛选"],
  found: ["{n} {n|case|cases}", "{n} 项"],
  found_more: ["the first {n} cases", "前 {n} 项"],
  none: ["Nothing found", "未找到"],
  none_more: ["Fewer words or another filter may find more. Only what you may see is searched.", "请减少关键词或更换筛选条件。搜索仅限您可见的内容。"],
  more: ["Show more", "显示更多"],
  key: ["Search", "搜索"],
});
