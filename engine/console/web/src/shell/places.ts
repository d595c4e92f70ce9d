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
});

export interface Place {
  path: string; // below the base; ":name" is a part that the page gets
  page: ComponentType<any>;
  name?: () => string; // in the navigation; without: reached from other pages
  key?: string; // "g" and this key lead there
  forLeads?: boolean;
}

const inbox = lazy(() => import("../pages/inbox/page"));
const board = lazy(() => import("../pages/board/page"));
const one_case = lazy(() => import("../pages/case/page"));

export const console_places: Place[] = [
  { path: "", page: inbox, name: () => t("inbox"), key: "i" },
  { path: "board/:workflow?", page: board, name: () => t("board"), key: "b" },
  { path: "case/:key", page: one_case },
];

export const portal_places: Place[] = [
  { path: "", page: inbox, name: () => t("inbox"), key: "i" },
];
