// SPDX-License-Identifier: Apache-2.0
// What the file of a client says.
import { texts } from "../../lib/i18n";

export const t = texts({
  file: ["Client {client}", "客户 {client}"],
  left: ["no longer served", "已停止服务"],
  projects: ["Projects", "项目"],
  no_projects: ["No project yet.", "暂无项目。"],
  contacts: ["Contacts", "联系人"],
  no_contacts: ["No contact yet.", "暂无联系人。"],
  inactive: ["has left", "已离开"],
  kept: ["What is kept of it", "档案信息"],
  calendar: ["Calendar", "日历"],
  open: ["Open now", "进行中"],
  no_open: ["Nothing is open.", "没有进行中的事项。"],
  past: ["What has been", "已结束的事项"],
  no_past: ["Nothing has ended yet.", "尚无已结束的事项。"],
  more: ["All of them in the search", "在搜索中查看全部"],
});
