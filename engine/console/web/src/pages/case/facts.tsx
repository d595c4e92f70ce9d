// SPDX-License-Identifier: Apache-2.0
// Fields, tasks, files and linked cases.
import { useRef, useState } from "preact/hooks";
import { send } from "../../lib/api";
import { download, upload } from "../../lib/files";
import { at } from "../../lib/place";
import { size } from "../../lib/time";
import type { Case, CaseFile, Field } from "../../lib/types";
import { Chip } from "../../parts/chip";
import { words } from "../../parts/states";
import { say } from "../../parts/toast";
import { show, Shown, wordingOf } from "../../parts/values";
import type { Name } from "./page";
import { t } from "./texts";

export function Contents({ of, fields }: { of: Case; fields: Field[] }) {
  const names = Object.keys(of.field_titles);
  const filled = names.filter((name) => of.fields[name] !== undefined && of.fields[name] !== null);
  const isInternal = (name: string) => of.client !== null && fields.find((field) => field.name === name)?.shared === false;
  const empty = names.filter((name) => !filled.includes(name));
  return (
    <section class="card" aria-labelledby="case-fields">
      <h2 id="case-fields">{t("fields")}</h2>
      <dl class="values">
        {filled.map((name) => {
          const isLong = show(of.fields[name], wordingOf(of), name).length > 60;
          return (
            <div key={name} class={isLong ? "long" : ""}>
              <dt>
                {of.field_titles[name]} {isInternal(name) && <Chip>{t("internal")}</Chip>}
              </dt>
              <dd>
                <Shown value={of.fields[name]} wording={wordingOf(of)} path={name} />
              </dd>
            </div>
          );
        })}
      </dl>
      {empty.length > 0 && (
        <details>
          <summary>{t("empty_fields")}</summary>
          <p class="quiet">{empty.map((name) => of.field_titles[name]).join(" · ")}</p>
        </details>
      )}
    </section>
  );
}

export function Tasks({ of, name }: { of: Case; name: Name }) {
  if (of.tasks.length === 0) return null;
  return (
    <section class="card" aria-labelledby="case-tasks">
      <h2 id="case-tasks">{t("tasks")}</h2>
      <ul class="plain tasks">
        {of.tasks.map((task) => (
          <li key={task.state + task.task}>
            <span class={task.done ? "tick done" : "tick"} aria-hidden="true" />
            {task.title}{" "}
            <span class="quiet">
              {task.done ? t("done") : task.optional ? t("optional") : ""}
              {task.by && ` · ${name(task.by)}`}
            </span>
          </li>
        ))}
        {of.linked_more && <li class="quiet">{t("more_links")}</li>}
      </ul>
    </section>
  );
}

function FileRow({ of, file }: { of: Case; file: CaseFile }) {
  const get = () => download(file).catch((error: Error) => say(words(error), "bad"));
  return (
    <li>
      <button type="button" class="link" onClick={() => void get()} aria-label={t("download", { name: file.name })}>
        <bdi>{file.name}</bdi>
      </button>
      <span class="quiet">
        {" "}
        {size(file.size)} {of.client !== null && `· ${t(file.shared ? "shared" : "internal")}`}
      </span>
      <code title={file.sha256}>{file.sha256.slice(0, 12)}</code>
    </li>
  );
}

export function Files({ of }: { of: Case }) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [shared, setShared] = useState(false);
  const add = async (files: FileList | null | undefined) => {
    for (const file of files ?? []) {
      setBusy(file.name);
      try {
        const id = await upload(file);
        await send("case.attach", { case: of.case, file: id, ...(of.client !== null ? { shared } : {}) });
        say(t("added", { name: file.name }));
      } catch (error) {
        say(words(error as Error), "bad");
      }
    }
    setBusy(null);
    if (input.current) input.current.value = "";
  };
  return (
    <section class="card case-files" aria-labelledby="case-files"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => (event.preventDefault(), void add(event.dataTransfer?.files))}>
      <h2 id="case-files">{t("files")}</h2>
      {of.files.length === 0 ? (
        <p class="quiet">{t("no_files")}</p>
      ) : (
        <ul class="files">
          {of.files.map((file) => (
            <FileRow key={file.id} of={of} file={file} />
          ))}
        </ul>
      )}
      {busy !== null && <p role="status">{t("uploading", { name: busy })}</p>}
      <label class="add">
        {t("add_file")} <span class="quiet">{t("drop")}</span>
        <input ref={input} class="hidden" type="file" multiple disabled={busy !== null} onChange={(event) => void add(event.currentTarget.files)} />
      </label>
      {of.client !== null && (
        <label class="check">
          <input type="checkbox" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
          {t("shared")}
        </label>
      )}
    </section>
  );
}

export function Links({ of }: { of: Case }) {
  const links = [
    ...of.links.map((link) => ({ ...link, opened: t("opened_this") })),
    ...of.linked_from.map((link) => ({ ...link, opened: t("opened_here") })),
  ];
  if (links.length === 0) return null;
  return (
    <section class="card" aria-labelledby="case-links">
      <h2 id="case-links">{t("links")}</h2>
      <ul class="plain">
        {links.map((link) => (
          <li key={link.case + (link.kind ?? "") + link.opened}>
            <a href={at("case", link.case)}>{link.case}</a> <span class="quiet">{link.kind === "opened_by" ? link.opened : link.kind}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
