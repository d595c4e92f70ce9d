// SPDX-License-Identifier: Apache-2.0
// What a page shows instead of its content: nothing there, not there yet, not to be had.
import type { ComponentChildren } from "preact";
import { Refused } from "../lib/api";
import { texts } from "../lib/i18n";

const t = texts({
  loading: ["Loading", "加载中"],
  failed: ["This could not be shown", "无法显示"],
  unreachable: ["The server cannot be reached.", "无法连接服务器。"],
  again: ["Try again", "重试"],
});

const PICTURES = {
  done: "M15 25l6.5 6.5L34 18",
  none: "M22 14.5a7.5 7.5 0 1 0 .01 0M27.5 27.5L34 34", // a lens
  lost: "M19 19.5a5 5 0 1 1 7.2 4.5c-1.6.8-2.2 1.8-2.2 3.5v.5M24 34v.1", // a question mark
};

/** A good emptiness says so: what would be here, and what one might do. */
export function Empty({ title, picture = "done", children }: { title: string; picture?: keyof typeof PICTURES; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <circle cx="24" cy="24" r="22" />
        <path d={PICTURES[picture]} />
      </svg>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Grey lines in the shape of what is coming. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  return (
    <div class="skeleton" role="status" aria-busy="true">
      <span class="hidden">{t("loading")}</span>
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} class="bone" />
      ))}
    </div>
  );
}

/** What the server said, in its own words. */
export function words(error: Error): string {
  return error instanceof Refused && error.message !== "" ? error.message : t("unreachable");
}

export function Failure({ error, again }: { error: Error; again?: () => void }) {
  return (
    <div class="failure" role="alert">
      <h2>{t("failed")}</h2>
      <p>{words(error)}</p>
      {again && (
        <button type="button" class="secondary" onClick={again}>
          {t("again")}
        </button>
      )}
    </div>
  );
}
