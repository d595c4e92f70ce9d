// SPDX-License-Identifier: Apache-2.0
// The files of a case that its client may read, to take away; and a place to add one.
import { useRef, useState } from "preact/hooks";
import { send } from "../../lib/api";
import { download, upload } from "../../lib/files";
import { size } from "../../lib/time";
import type { Case } from "../../lib/types";
import { words } from "../../parts/states";
import { say } from "../../parts/toast";
import { t } from "./texts";

export function Files({ of }: { of: Case }) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const add = async (file: File | undefined) => {
    if (file === undefined) return;
    setBusy(true);
    try {
      await send("case.attach", { case: of.case, file: await upload(file) });
      say(t("added", { name: file.name }));
    } catch (error) {
      say(words(error as Error), "bad");
    }
    setBusy(false);
    if (input.current) input.current.value = "";
  };
  return (
    <section aria-labelledby="files">
      <h2 id="files">{t("files")}</h2>
      {of.files.length > 0 && (
        <ul class="portal-files stack">
          {of.files.map((file) => (
            <li key={file.id}>
              <button type="button" class="secondary outline"
                onClick={() => void download(file).catch((error: Error) => say(words(error), "bad"))}>
                <bdi>{file.name}</bdi>
              </button>{" "}
              <span class="quiet">{size(file.size)}</span>
            </li>
          ))}
        </ul>
      )}
      <input ref={input} class="hidden" type="file" aria-label={t("add_file")} tabIndex={-1}
        onChange={(event) => void add(event.currentTarget.files?.[0])} />
      <button type="button" class="secondary" disabled={busy} aria-busy={busy} onClick={() => input.current?.click()}>
        {t("add_file")}
      </button>
    </section>
  );
}
