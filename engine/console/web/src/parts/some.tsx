// SPDX-License-Identifier: Apache-2.0
// The beginning of a long list, and a button that shows more of what has been read.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { texts } from "../lib/i18n";

const t = texts({ more: ["Show more ({n})", "显示更多（{n}）"] });
const FIRST = 20;

export function Some<T>({ of, list }: { of: T[]; list: (first: T[]) => ComponentChildren }) {
  const [most, setMost] = useState(FIRST);
  return (
    <>
      {list(of.slice(0, most))}
      {of.length > most && (
        <button type="button" class="secondary outline small" onClick={() => setMost(most * 3)}>
          {t("more", { n: of.length - most })}
        </button>
      )}
    </>
  );
}
