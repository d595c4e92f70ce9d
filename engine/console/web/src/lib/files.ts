// SPDX-License-Identifier: Apache-2.0
// Files to the server and back, by PUT /files and GET /files/ID.
import { fetchAs, Refused } from "./api";
import { texts } from "./i18n";
import type { CaseFile } from "./types";

const t = texts({
  insecure: ["Files can be added over HTTPS only.", "仅可通过 HTTPS 连接添加文件。"],
  too_large: ["A file from the browser may be 256 MB at most; “signoff file put” takes larger ones.", "浏览器上传的文件不得超过 256 MB,更大的文件请使用 “signoff file put”。"],
});

const MOST_BYTES = 256e6; // the browser holds all of it to take its digest

async function digestOf(bytes: ArrayBuffer): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function failure(response: Response): Promise<Refused> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as { error?: { message?: string; data?: { code?: string } }; message?: string };
    return new Refused(body.error?.data?.code ?? "internal", body.error?.message ?? body.message ?? text);
  } catch {
    return new Refused("internal", text.trim() || response.statusText);
  }
}

/** The name that the server gave the file: case.attach takes it. */
export async function upload(file: File): Promise<string> {
  if (crypto.subtle === undefined) throw new Refused("insecure", t("insecure"));
  if (file.size > MOST_BYTES) throw new Refused("too_large", t("too_large"));
  const bytes = await file.arrayBuffer();
  const query = new URLSearchParams({ name: file.name, sha256: await digestOf(bytes), request_id: crypto.randomUUID() });
  const response = await fetchAs(`/files?${query}`, {
    method: "PUT",
    headers: { "Content-Type": file.type || "application/octet-stream" },
    body: bytes,
  });
  if (!response.ok) throw await failure(response);
  return ((await response.json()) as { file: string }).file;
}

/** Hands the file to the browser, which asks or keeps it as it does with every download. */
export async function download(file: Pick<CaseFile, "id" | "name">): Promise<void> {
  const response = await fetchAs(`/files/${encodeURIComponent(file.id)}`);
  if (!response.ok) throw await failure(response);
  keepAs(await response.blob(), file.name);
}

export function keepAs(bytes: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
