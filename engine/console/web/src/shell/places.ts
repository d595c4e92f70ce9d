// SPDX-License-Identifier: Apache-2.0
// The pages, and where they are. A page is a file of its own that is fetched when it is first opened:
//
//   pages/NAME/page.tsx   default export: the component; it gets the parts of its path as props
//   a row here            its path, its name in the navigation
import { lazy } from "preact-iso";
import type { ComponentType } from "preact";
import { texts } from "../lib/i18n";

const t = texts({
  inbox: ["Inbox", "待办"],
  board: ["Board", "看板"],
  opened: ["New", "新建"],
  projects: ["Projects", "项目"],
  team: ["Team", "团队"],
  search: ["Search", "搜索"],
  workflows: ["Workflows", "流程"],
  admin: ["Administration", "管理"],
  reports: ["Reports", "报表"],
  messages: ["Messages", "消息"],
});

const side = texts({
  projects: ["Your projects", "您的项目"],
  raise: ["Tell us something", "向我们提出"],
});

export interface Place {
  path: string; // below the base; ":name" is a part that the page gets
  page: ComponentType<any> & { preload?: () => Promise<unknown> };
  name?: () => string; // in the navigation; without: reached from other pages
  key?: string; // "g" and this key lead there
  aside?: boolean; // a small sign beside the account, and not among the others
  forLeads?: boolean;
}

const inbox = lazy(() => import("../pages/inbox/page"));
const board = lazy(() => import("../pages/board/page"));
const projects = lazy(() => import("../pages/projects/page"));
const project = lazy(() => import("../pages/project/page"));
const team = lazy(() => import("../pages/team/page"));
const client = lazy(() => import("../pages/client/page"));
const messages = lazy(() => import("../pages/messages/page"));
const opened = lazy(() => import("../pages/new/page"));
const search = lazy(() => import("../pages/search/page"));
const reports = lazy(() => import("../pages/reports/page"));
const workflows = lazy(() => import("../pages/workflows/page"));
const workflow = lazy(() => import("../pages/workflow/page"));
const admin = lazy(() => import("../pages/admin/page"));
const preferences = lazy(() => import("../pages/preferences/page"));
const one_case = lazy(() => import("../pages/case/page"));

export const console_places: Place[] = [
  { path: "", page: inbox, name: () => t("inbox"), key: "i" },
  { path: "messages", page: messages, name: () => t("messages"), key: "m", aside: true },
  { path: "board/:workflow?", page: board, name: () => t("board"), key: "b" },
  { path: "new", page: opened, name: () => t("opened"), key: "n" },
  { path: "case/:key", page: one_case },
  { path: "projects", page: projects, name: () => t("projects"), key: "p" },
  { path: "project/:key", page: project },
  { path: "client/:key", page: client },
  { path: "team", page: team, name: () => t("team"), key: "t" },
  { path: "reports", page: reports, name: () => t("reports"), key: "r" },
  { path: "workflows", page: workflows, name: () => t("workflows"), key: "w" },
  { path: "workflow/:name/:version?", page: workflow },
  { path: "admin/:noun?", page: admin, name: () => t("admin"), key: "a" },
  { path: "preferences", page: preferences },
  { path: "search", page: search, name: () => t("search"), key: "s" },
];

const portal_home = lazy(() => import("../pages/portal_home/page"));
const portal_case = lazy(() => import("../pages/portal_case/page"));

export const portal_places: Place[] = [
  { path: "", page: portal_home, name: () => side("projects"), key: "p" },
  { path: "new", page: opened, name: () => side("raise"), key: "n" },
  { path: "messages", page: messages, name: () => t("messages"), key: "m", aside: true },
  { path: "case/:key", page: portal_case },
  { path: "preferences", page: preferences },
];
