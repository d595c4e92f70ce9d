// SPDX-License-Identifier: Apache-2.0
// What the page of the team says.
import { texts } from "../../lib/i18n";

export const t = texts({
  title: ["Team", "团队"],
  says: ["Shares of open projects; more than 100% together stands out. Of others than yourself a lead sees it.", "只计进行中的项目；合计超过 100% 会突出显示。他人的数据仅负责人可见。"],
  none: ["Nobody is in the team yet", "团队尚无成员"],
  none_more: ["A lead adds people in the administration, or by “signoff person add”.", "负责人可在“管理”中添加人员，或使用 “signoff person add”。"],
  person: ["Person", "人员"],
  share_head: ["Share", "占比"],
  share: ["{share}%", "{share}%"],
  over: ["{share}%, too much", "{share}%，超额"],
  projects: ["Projects", "项目"],
  owns: ["In hand", "负责"],
  waits: ["Waits for them", "待办"],
  late: ["Late", "超时"],
  offered: ["To be taken up", "可领取"],
  away: ["Away, stand-in", "缺席与代理人"],
  stands_in: ["Stands in for", "代理他人"],
  until: ["{person}, until {until}", "{person}，至 {until}"],
  from_until: ["{person}, {from} to {until}", "{person}，{from} 至 {until}"],
  in_part: ["(in part)", "（部分）"],
});
