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
}

type Listener = { case?: string | undefined; tell: (entry: Entry | null) => void };

const SETTLE_MS = 120; // several entries of one act are one reason to look again
const PAUSE_MS = 1500; // between two looks, however much happens
const AGAIN_MS = 3000; // after a watch that the server has ended
const POLL_MS = 15_000;
const listeners = new Set<Listener>();
let seen: number | null = null; // number of the last entry that was told

function tell(entry: Entry | null): void {
  for (const listener of listeners)
    if (entry === null || listener.case === undefined || listener.case === entry.case) listener.tell(entry);
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

/** Another person's entries are none of the next one's. */
export function forget(): void {
  seen = null;
}

/** Calls again when something happens: to one case, or to any. */
export function useLive(again: () => void, of: { case?: string | undefined } = {}): void {
  const latest = useRef(again);
  latest.current = again;
  useEffect(() => {
    let timer = 0;
    let looked = 0;
    const look = () => {
      timer = 0;
      looked = Date.now();
      latest.current();
    };
    const listener: Listener = {
      case: of.case,
      tell: () => {
        if (timer === 0) timer = window.setTimeout(look, Math.max(SETTLE_MS, looked + PAUSE_MS - Date.now()));
      },
    };
    listeners.add(listener);
    return () => {
      clearTimeout(timer);
      listeners.delete(listener);
    };
  }, [of.case]);
}
