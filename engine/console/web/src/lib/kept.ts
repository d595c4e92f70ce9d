// SPDX-License-Identifier: Apache-2.0
// What this browser remembers. A browser that forbids it forgets at the end of the page, and nothing else breaks.
const PREFIX = "signoff.";

export function kept(name: string, store: Storage = localStorage): string | null {
  try {
    return store.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** null: forget it. */
export function keep(name: string, value: string | null, store: Storage = localStorage): void {
  try {
    if (value === null) store.removeItem(PREFIX + name);
    else store.setItem(PREFIX + name, value);
  } catch {
    /* forbidden: nothing is kept */
  }
}
