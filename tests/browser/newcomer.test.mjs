// SPDX-License-Identifier: Apache-2.0
// Somebody who has never seen it: the quick start is run, its links are opened, and by what the screen says alone a
// change request goes from its price to the client's agreement and the certificate of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

let site;
let li;
let mei;
before(async () => {
  site = await Site.quickstart("--limit", "40");
});
after(() => site.stop());

/** A printed link in a tab of its own, in the one browser that a newcomer has. */
async function enter(which, beside) {
  const page = beside === undefined ? await site.open(null, site.links[which].slice(site.url.length)) : await site.tab(beside.context(), site.links[which]);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  return page;
}

test("each printed link signs in, on a page with something to do", async () => {
  assert.equal(site.links.length, 3, site.said);
  li = await enter(0);
  await li.getByRole("button", { name: /Stock counts by hand-held scanner/ }).waitFor();
  assert.deepEqual(await serious(li), []);
  await shot(li, "newcomer-li");
  mei = await enter(1, li);
  await mei.getByRole("heading", { name: "Waiting for you" }).waitFor();
  await mei.locator(".portal-card").filter({ hasText: "A second label printer at the north dock" }).waitFor();
  assert.equal(await mei.locator(".portal-card").filter({ hasText: "AC-1" }).count(), 1, "one thing to do stands there twice");
  await mei.locator(".portal-card").filter({ hasText: "Solved: please confirm" }).waitFor();
  assert.deepEqual(await serious(mei), []);
  await shot(mei, "newcomer-mei");
  const desk = await enter(2, li);
  await desk.getByRole("link", { name: "Look at the board" }).click();
  await desk.locator(".board").waitFor();
});

test("the demo project is worth looking at", async () => {
  const page = await site.tab(li.context(), `${site.url}/console/`);
  // A tab of its own knows nobody: another link has to be made for it, as the quick start says how to.
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.close();
  await li.getByRole("link", { name: "Projects", exact: true }).click();
  await li.getByRole("link", { name: /ERP for Acme/ }).first().click();
  await li.getByText("640,000.00").waitFor();
  await li.getByText("Warehouse goes live").first().waitFor();
  await shot(li, "newcomer-project");
  await li.getByRole("link", { name: /Inbox/ }).click();
});

test("the lead prices the change, agrees for herself and for whom she stands in, and it stays before her eyes", async () => {
  await li.getByRole("button", { name: /Stock counts by hand-held scanner/ }).click();
  await li.getByRole("button", { name: /^Price/ }).click();
  const form = li.getByRole("dialog", { name: "Price: CR-3" });
  await form.getByLabel("Cost").waitFor();
  // One can begin to type at once.
  await li.waitForFunction(() => document.activeElement?.closest("label")?.textContent === "Cost");
  await li.keyboard.type("9500");
  await form.getByLabel("Scope impact").fill("Four scanners and a morning of training");
  await form.getByRole("button", { name: "Confirm: Price" }).click();
  for (const whose of ["Your answer will be", "Your answer on behalf of Chen Yu (change board) will be"]) {
    const heading = li.locator(".asked").getByRole("heading", { name: "Stock counts by hand-held scanner" });
    await heading.waitFor();
    const row = li.locator(".row").filter({ hasText: "CR-3" }).filter(whose.includes("Chen") ? { hasText: "for Chen Yu" } : { hasNotText: "for Chen Yu" });
    await row.click();
    await li.getByRole("button", { name: /^Approve/ }).click();
    await li.getByRole("dialog").getByText(`${whose} “Approve”`).waitFor();
    await li.getByRole("dialog").getByText("9,500").waitFor();
    await li.getByRole("button", { name: "Confirm: Approve" }).click();
    await row.waitFor({ state: "detached" });
  }
});

test("the client approves it, and takes the proof away", async () => {
  await mei.locator(".portal-card").filter({ hasText: "Stock counts by hand-held scanner" }).click();
  await mei.locator(".agreed").getByText("9,500").waitFor();
  await shot(mei, "newcomer-asked");
  await mei.getByRole("button", { name: /^Approve/ }).click();
  await mei.getByRole("button", { name: "Confirm: Approve" }).click();
  await mei.getByRole("heading", { name: "Decisions" }).waitFor();
  assert.deepEqual(await serious(mei), []);
  await shot(mei, "newcomer-decided");
  const [file] = await Promise.all([mei.waitForEvent("download"), mei.getByRole("button", { name: "Certificate", exact: true }).click()]);
  assert.match(readFileSync(await file.path(), "utf8"), /Stock counts by hand-held scanner/);
});
