// SPDX-License-Identifier: Apache-2.0
// Reading what a page shows.
//
//   const list = useCall("inbox.list", { limit: 50 }, { live: true });
//   list.data, list.error, list.reload()
//
// What was read stays on the screen while it is read again, and while it cannot be.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { call, callBehind } from "./api";
import { language } from "./i18n";
import { isQuiet, type Of, useLive } from "./live";
import type { Methods } from "./types";

export interface Read<T> {
  data: T | null; // null: nothing has come yet
  error: Error | null; // of the last try
  reload: () => void;
}

const REST = 4; // what is asked behind rests that many times as long as it took, however much happens

/** A case's own page shows all of it; lists have no comments. */
function ofWhat(live: boolean | string | Of["wants"]): Of {
  if (typeof live === "string") return { case: live };
  if (typeof live === "function") return { wants: live };
  return { wants: (entry) => !isQuiet(entry) };
}

/** params null: nothing is asked. live: again when something happens, to the case of that key, (true) to what lists
 * show, or what the function says. behind: what is counted, and nobody waits for, is asked when all else is answered. */
export function useCall<M extends keyof Methods>(
  method: M,
  params: Methods[M]["params"] | null,
  { live = false, behind = false }: { live?: boolean | string | Of["wants"]; behind?: boolean } = {},
): Read<Methods[M]["result"]> {
  type Result = Methods[M]["result"];
  const key = params === null ? null : JSON.stringify([method, params, language.value]);
  const [state, setState] = useState<{ key: string | null; data: Result | null; error: Error | null }>({
    key: null,
    data: null,
    error: null,
  });
  const wanted = useRef(key);
  wanted.current = key;
  const stop = useRef(new AbortController());
  const took = useRef(0);
  const reload = useCallback(() => {
    if (params === null) return;
    const began = Date.now();
    (behind ? callBehind(method, params, stop.current.signal) : call(method, params)).then(
      (data) => {
        took.current = Date.now() - began;
        if (wanted.current === key) setState({ key, data, error: null });
      },
      (error: Error) =>
        wanted.current === key && setState((old) => ({ key, data: old.key === key ? old.data : null, error })),
    );
  }, [key]);
  useEffect(() => {
    reload();
    return () => {
      stop.current.abort();
      stop.current = new AbortController();
    };
  }, [key]);
  useLive(() => live !== false && reload(), { ...ofWhat(live), pause: () => (behind ? REST * took.current : 0) });
  // In another language the old words stay until the new ones have come.
  const same = state.key !== null && key !== null && same_question(state.key, key);
  return { data: same ? state.data : null, error: same ? state.error : null, reload };
}

function same_question(one: string, other: string): boolean {
  const bare = (text: string) => text.slice(0, text.lastIndexOf(","));
  return bare(one) === bare(other);
}
