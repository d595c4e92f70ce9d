// SPDX-License-Identifier: Apache-2.0
// A modal dialog of the browser's own: it keeps the focus, and Escape closes it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../lib/i18n";

const t = texts({ close: ["Close", "关闭"] });

export function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const its = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    its.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog ref={its} aria-labelledby="dialog-title" onClose={close} onCancel={close}>
      <article>
        <header>
          <h2 id="dialog-title">{title}</h2>
          <button type="button" class="icon" aria-label={t("close")} onClick={close}>
            ×
          </button>
        </header>
        {children}
      </article>
    </dialog>
  );
}
