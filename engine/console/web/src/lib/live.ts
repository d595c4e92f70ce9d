// SPDX-License-Identifier: Apache-2.0
// What others do, as it happens: one watch of the team's entries, from the last one seen on, so that nothing is missed
// while the connection was away. Where there is only POST the pages are asked again from time to time.
//
//   useLive(() => list.reload(), { case: "CR-1" });
import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ask, connection, heard, Refused } from "./api";

export interface Entry {
  seq: number;
  case: string | null;
  kind: string;
  actor: string;
  at: string;
  states?: string[]; // where its case is now
  entered?: string[];
  left?: string[]; // what it has left with this entry
  fields?: Record<string, unknown>; // those that have become others
  rev?: number;
  waiting?: unknown; // for whom, when that has become another
}

/** Which entries are a reason to look again; when it is not said, every one is. */
export interface Of {
  case?: string | undefined;
  wants?: ((entry: Entry) => boolean) | undefined;
  pause?: () => number; // at least so many milliseconds between two looks
}

type Listener = Of & { tell: (entry: Entry | null) => void };

/** Comments stand in their case; no list has them. */
export const isQuiet = (entry: Entry): boolean => entry.kind === "comment";

/** How many cases there are of something may be another number: of what states, projects and people have, not of fields. */
export const movesCounts = (entry: Entry): boolean =>
  entry.case === null || (!isQuiet(entry) && (entry.entered !== undefined || entry.left !== undefined || entry.kind === "migrate"));

/** It may wait for others now, and is told so as far as one sees it: without rev only what a client may see was sent. */
export const movesInbox = (entry: Entry): boolean =>
  entry.case === null || (!isQuiet(entry) && (entry.waiting !== undefined || entry.kind === "migrate" || entry.rev === undefined));

const SETTLE_MS = 120; // several entries of one act are one reason to look again
const PAUSE_MS = 1500; // between two looks, however much happens
const AGAIN_MS = 3000; // after a watch that the server has ended
const POLL_MS = 15_000;
const listeners = new Set<Listener>();
let seen: number | null = null; // number of the last entry that was told

function tell(entry: Entry | null): void {
  for (const listener of listeners)
    if (entry === null || ((listener.case ?? entry.case) === entry.case && (listener.wants?.(entry) ?? true))) listener.tell(entry);
}

/** After a break: what came meanwhile is sent first. A server that was set back has other entries: all is read anew. */
export async function watch(): Promise<void> {
  const resumes = seen !== null;
  try {
    const begun = await ask<{ head: number }>("watch.start", seen === null ? {} : { from: seen + 1 });
    if (seen === null) seen = begun.head;
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "invalid" || !resumes) return;
    seen = null;
    tell(null);
    await watch();
  }
}

heard.notified = (method, params) => {
  const entry = (params.entry ?? params) as Entry;
  if (method === "watch.entry" && typeof entry.seq === "number") {
    seen = Math.max(seen ?? 0, entry.seq);
    tell(entry);
  }
  // Such as when the store was busy for long: from where it ended.
  if (method === "watch.end") setTimeout(() => connection.value === "open" && void watch(), AGAIN_MS);
};

effect(() => {
  if (connection.value !== "polling") return undefined;
  const timer = setInterval(() => tell(null), POLL_MS);
  return () => clearInterval(timer);
});

/** Something was done here that no entry tells of: whoever shows it looks again. */
export function stir(): void {
  tell(null);
}

/** Another person's entries are none of the next one's. */
export function forget(): void {
  seen = null;
}

/** Calls again when something happens: to one case, or to any. A page that nobody sees waits until somebody does. */
export function useLive(again: () => void, of: Of = {}): void {
  const latest = useRef({ again, of });
  latest.current = { again, of };
  useEffect(() => {
    let timer = 0;
    let looked = 0;
    let isBehind = false; // something has happened while the page was hidden
    const look = () => {
      timer = 0;
      isBehind = document.hidden;
      if (isBehind) return;
      looked = Date.now();
      latest.current.again();
    };
    const shown = () => isBehind && look();
    const listener: Listener = {
      case: of.case,
      wants: (entry) => latest.current.of.wants?.(entry) ?? true,
      tell: () => {
        const pause = Math.max(PAUSE_MS, latest.current.of.pause?.() ?? 0);
        if (timer === 0) timer = window.setTimeout(look, Math.max(SETTLE_MS, looked + pause - Date.now()));
      },
    };
    listeners.add(listener);
    document.addEventListener("visibilitychange", shown);
    return () => {
      clearTimeout(timer);
      listeners.delete(listener);
      document.removeEventListener("visibilitychange", shown);
    };
  }, [of.case]);
}
