// SPDX-License-Identifier: Apache-2.0
// What the reports page says beside what the server's reports say themselves.
import { texts } from "../../lib/i18n";

export const t = texts({
  title: ["Reports", "报表"],
  report: ["Report", "报表"],
  workflow: ["Workflow", "流程"],
  every: ["every workflow", "全部流程"],
  project: ["Project", "项目"],
  every_project: ["every project", "全部项目"],
  client: ["Client", "客户"],
  every_client: ["every client", "全部客户"],
  span: ["Time", "时间范围"],
  usual: ["as is usual for it", "按报表默认"],
  weeks: ["the last {n} weeks", "最近 {n} 周"],
  own: ["from … to …", "指定起止日期"],
  from: ["From", "起始日"],
  to: ["To (last day)", "截止日（含）"],
  choose_project: ["This report is about one project: choose it.", "该报表针对一个项目：请选择项目。"],
  choose_client: ["This report is about one client: choose it.", "该报表针对一个客户：请选择客户。"],
  none: ["Nothing to report yet", "暂无可统计的数据"],
  none_more: ["As soon as cases are opened and ended in this time, they are counted here.", "该时间范围内有事项发起或结束后，将在此统计。"],
  counted: ["{from} to {to}, {n} {n|case|cases}", "{from} 至 {to}，共 {n} 个事项"],
  skipped: ["Not counted, for their histories are too long: {cases}", "因历史过长未予统计：{cases}"],
  more: ["and {n} more", "另有 {n} 行"],
  hours: ["{n} h", "{n} 小时"],
  as_table: ["The numbers as a table", "以表格显示"],
  meanings: ["What the figures mean", "指标定义"],
  export_csv: ["Download as CSV", "下载 CSV"],
  export_html: ["Download as a page to print", "下载可打印网页"],
  stale: ["These are the figures of before: they could not be counted again. {why}", "以下为先前的数据，未能重新统计。{why}"],
  export_json: ["Download as JSON", "下载 JSON"],
});
