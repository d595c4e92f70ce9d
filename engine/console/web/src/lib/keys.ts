// SPDX-License-Identifier: Apache-2.0
// Keys that do something on the page that is shown, and the list of them that "?" opens.
//
//   useKeys([{ key: "j", does: t("next"), run: next }]);
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

export interface Key {
  key: string; // as KeyboardEvent.key says it
  does: string; // for the help
  run: () => void;
}

export const sets = signal<Key[][]>([]);

/** Where letters are letters: in a field, behind a dialog, with a key of the browser's own held. */
function isOurs(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement;
  return !(
    event.defaultPrevented ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    at.closest("input, textarea, select, [contenteditable]") ||
    document.querySelector("dialog[open]")
  );
}

document.addEventListener("keydown", (event) => {
  if (!isOurs(event)) return;
  for (const keys of sets.value.slice().reverse()) {
    const found = keys.find((one) => one.key === event.key);
    if (found) {
      event.preventDefault();
      found.run();
      return;
    }
  }
});

export function useKeys(keys: Key[]): void {
  const latest = useRef(keys);
  latest.current = keys;
  const names = keys.map((one) => one.key + one.does).join("\n");
  useEffect(() => {
    const mine = latest.current.map((one, i) => ({ ...one, run: () => latest.current[i]?.run() }));
    sets.value = [...sets.peek(), mine];
    return () => {
      sets.value = sets.peek().filter((set) => set !== mine);
    };
  }, [names]);
}
