// SPDX-License-Identifier: Apache-2.0
// A form in a dialog: it is sent once, closes when that was good, and says why when it was not.
//
//   <FormDialog title={t("edit")} close={close} submit={t("save")} run={async () => void (await send(...))}>
//     fields
//   </FormDialog>
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { texts } from "../lib/i18n";
import { Dialog } from "./dialog";
import { words } from "./states";

const t = texts({ cancel: ["Cancel", "取消"] });

export function Wrong({ text }: { text: string | null }) {
  return text === null ? null : (
    <p class="wrong" role="alert">
      {text}
    </p>
  );
}

/** One begins with what must be filled in; where nothing must, Enter alone is enough. */
export function beginIn(form: HTMLFormElement | null | undefined): void {
  const inputs = [...(form?.querySelectorAll<HTMLInputElement>("input, select, textarea") ?? [])];
  const first = inputs.find((input) => input.required && input.value === "");
  (first ?? form?.querySelector<HTMLElement>("footer [type=submit]"))?.focus();
}

interface Props {
  title: string;
  close: () => void;
  submit: string; // on its button
  run: () => Promise<void>; // what it throws is shown, and the dialog stays
  danger?: boolean; // it says no, or cannot be taken back
  children: ComponentChildren;
}

export function FormDialog({ title, close, submit, run, danger = false, children }: Props) {
  const [failed, setFailed] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const its = useRef<HTMLFormElement>(null);
  useEffect(() => beginIn(its.current), []);
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFailed(null);
    try {
      await run();
      close();
    } catch (error) {
      setFailed(words(error as Error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} close={close}>
      <form ref={its} onSubmit={(event) => void send(event)}>
        {children}
        <Wrong text={failed} />
        <footer>
          <button type="button" class="secondary outline" onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" class={danger ? "danger" : ""} aria-busy={busy} disabled={busy}>
            {submit}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
