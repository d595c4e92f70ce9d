// SPDX-License-Identifier: Apache-2.0
// Short words about what has just been done, read out by screen readers as well.
import { signal } from "@preact/signals";
import { texts } from "../lib/i18n";

const t = texts({ dismiss: ["Dismiss", "关闭"], notices: ["Notices", "通知"] });

interface Toast {
  id: number;
  text: string;
  tone: "good" | "bad";
}

const SHOWN_MS = 6000;
const toasts = signal<Toast[]>([]);
let last = 0;

function drop(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** What went wrong stays until it is dismissed. */
export function say(text: string, tone: Toast["tone"] = "good"): void {
  const id = ++last;
  toasts.value = [...toasts.value.slice(-3), { id, text, tone }];
  if (tone === "good") setTimeout(() => drop(id), SHOWN_MS);
}

export function Toasts() {
  return (
    <section class="toasts" aria-label={t("notices")} aria-live="polite" role="status">
      {toasts.value.map((toast) => (
        <p key={toast.id} class={`toast ${toast.tone}`}>
          <span>{toast.text}</span>
          <button type="button" class="icon" aria-label={t("dismiss")} onClick={() => drop(toast.id)}>
            ×
          </button>
        </p>
      ))}
    </section>
  );
}
