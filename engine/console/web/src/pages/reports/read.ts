// SPDX-License-Identifier: Apache-2.0
// Asking for a report, on a connection of its own: counting may take a while, and ends when nobody looks any more.
import { useEffect, useState } from "preact/hooks";
import { callApart } from "../../lib/api";
import { language } from "../../lib/i18n";
import type { Report, ReportAsked } from "../../lib/types_team";

interface Read {
  key: string | null;
  data: Report | null;
  error: Error | null;
  tookMs: number;
}

/** asked null: nothing is. again: a number that changes when it is to be counted anew. */
export function useReport(asked: ReportAsked | null, again: number): Read {
  const [state, setState] = useState<Read>({ key: null, data: null, error: null, tookMs: 0 });
  const key = asked === null ? null : JSON.stringify([asked, language.value]);
  useEffect(() => {
    if (asked === null) return undefined;
    const stop = new AbortController();
    const began = performance.now();
    callApart("report.get", asked, stop.signal).then(
      (data) => !stop.signal.aborted && setState({ key, data: data as Report, error: null, tookMs: performance.now() - began }),
      (error: Error) => !stop.signal.aborted && setState((old) => ({ ...old, key, data: old.key === key ? old.data : null, error })),
    );
    return () => stop.abort();
  }, [key, again]);
  return asked === null ? { ...state, data: null, error: null } : state;
}
