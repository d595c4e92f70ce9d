// SPDX-License-Identifier: Apache-2.0
// What waits is of several kinds; each is dealt with where it is shown: what a role may take, tasks with and without a
// proof, what is asked of a client, what stands in for somebody, and what is stuck.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, shot, Site, use } from "./harness.mjs";

// Its clock runs into a mistake of its author: a project's attribute that is not there.
const CLOCKWORK = `return workflow "clockwork" {
  key = "CW", version = 1, client = "project", open = { by = "pm", takes = { "summary" } }, roles = { "pm", "client" }, start = "list",
  fields = { summary = text { max = 100, required = true }, seen = text {} },
  state "list" { owner = "pm", on "begin" { by = "pm", to = "ticking" } },
  state "ticking" { owner = "pm",
    after "1 hour" { to = "done", run = function(c) c:set("seen", c.project.attributes.code .. "!") end } },
  final "done",
}
`;

let site;
before(async () => {
  site = await Site.start({ prepare: (folder) => use(folder, "clockwork", CLOCKWORK) });
});
after(() => site.stop());

const row = (page, text) => page.locator(".row").filter({ hasText: text });

test("what is offered to a role is taken, and is gone from the others", async () => {
  const { case: key } = await site.call("tom", "case.open", {
    workflow: "change_request", project: "acme-erp", fields: { summary: "Offered to both", reason: "Because" },
  });
  await site.call("tom", "case.fire", { case: key, event: "submit" });
  await site.call("li", "case.fire", { case: key, event: "accept" });
  const [sun, wang] = [await site.open("sun", "/console/"), await site.open("wang", "/console/")];
  await row(wang, "Offered to both").waitFor();
  await row(sun, "Anybody of your role may take it").filter({ hasText: "Offered to both" }).click();
  await sun.getByRole("button", { name: "Take it", exact: true }).click();
  await sun.getByText(/Recorded as entry/).waitFor();
  await row(sun, "You have it now").filter({ hasText: "Offered to both" }).waitFor();
  await row(wang, "Offered to both").waitFor({ state: "detached" });
  assert.deepEqual(Object.values((await site.call("li", "case.get", { case: key })).owners).includes("sun"), true);
});

test("a task is ticked off; one that needs a proof asks for the file; other people's are not offered", async () => {
  const { case: key } = await site.call("li", "case.open", {
    workflow: "closeout", project: "acme-erp", fields: { summary: "The first year" },
  });
  const page = await site.open("li", "/console/");
  await row(page, "A task for you").filter({ hasText: "The first year" }).click();
  await page.getByRole("button", { name: /^Done: Documents are handed over/ }).waitFor();
  assert.equal(await page.getByRole("button", { name: /Operation is handed over/ }).count(), 0, "that is the engineer's");
  await shot(page, "inbox-tasks");
  await page.getByRole("button", { name: /^Done: Every deliverable is accepted/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Confirm/ }).click();
  await page.getByText(/Recorded as entry/).first().waitFor();
  await page.getByRole("button", { name: /^Done: Documents are handed over/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^Confirm/ }).click(); // the browser says what is missing
  await dialog.getByLabel("A file that proves it").setInputFiles({ name: "list.txt", mimeType: "text/plain", buffer: Buffer.from("all of them\n") });
  await dialog.getByText("list.txt is added.").waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "inbox-task-proof");
  await dialog.getByRole("button", { name: /^Confirm/ }).click();
  await dialog.waitFor({ state: "detached" });
  const { tasks, files } = await site.call("li", "case.get", { case: key });
  assert.deepEqual(tasks.filter((task) => task.done).map((task) => task.task).sort(), ["accepted", "documents"]);
  assert.deepEqual(files.map((file) => file.name), ["list.txt"]);
});

test("what is asked of a client is answered in the portal, with what the answer needs", async () => {
  await site.call("li", "project.member.add", { project: "acme-erp", person: "sun", role: "support" });
  const { case: key } = await site.call("mei", "case.open", {
    workflow: "issue", project: "acme-erp", fields: { summary: "The labels are cut off", details: "On the right", kind: "defect" },
  });
  await site.call("sun", "case.fire", { case: key, event: "take" });
  const may = (await site.call("sun", "case.allowed", { case: key })).events.filter((event) => event.allowed).map((event) => event.event);
  const ask = may.find((event) => /ask|wait|client/.test(event));
  assert.ok(ask, `nothing asks the client: ${may}`);
  await site.call("sun", "case.fire", { case: key, event: ask, comment: "Which printer?", shared: true });
  const page = await site.open("mei", "/portal/", { width: 390, height: 800 });
  await page.locator(".portal-card").filter({ hasText: "The labels are cut off" }).filter({ hasText: "It is your turn" }).click();
  await page.getByText("Which printer?").first().waitFor();
  await page.getByRole("button", { name: /^Reply/ }).click();
  await page.getByRole("dialog").getByLabel(/^What happened/).fill("The one at the north dock");
  await page.getByRole("button", { name: "Confirm: Reply" }).click();
  await page.getByText(/Recorded as entry/).waitFor();
  assert.deepEqual(await serious(page), []);
  assert.equal((await site.call("sun", "case.get", { case: key })).fields.details, "The one at the north dock");
});

test("who stands in for somebody answers on their behalf, and the ballot says so", async () => {
  await site.call("chen", "delegation.set", { to: "sun", until: "2026-02-01T09:00:00+08:00" });
  const key = await site.change("While Chen is away");
  const page = await site.open("sun", "/console/");
  await row(page, "for Chen Yu").filter({ hasText: "While Chen is away" }).click();
  await page.getByRole("button", { name: /^Approve/ }).click();
  await page.getByRole("dialog").getByText("on behalf of Chen Yu").waitFor();
  await page.getByRole("button", { name: "Confirm: Approve" }).click();
  await page.getByText(/Recorded as entry/).waitFor();
  const [round] = (await site.call("li", "case.get", { case: key })).approvals;
  assert.deepEqual(round.ballots.map((one) => [one.person, one.on_behalf]), [["sun", "chen"]]);
});

test("what is stuck waits for a lead, says why, and is tried again", async () => {
  const { case: key } = await site.call("li", "case.open", { workflow: "clockwork", project: "acme-erp", fields: { summary: "Ticks" } });
  await site.call("li", "case.fire", { case: key, event: "begin" });
  await site.call("admin", "clock.advance", { by: "2 hours" });
  const page = await site.open("li", "/console/");
  await row(page, "It is stuck and needs a look").filter({ hasText: "Ticks" }).click();
  await page.locator(".asked").getByText(/attribute|code|nil/).first().waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "inbox-stuck");
  await site.call("li", "project.update", { project: "acme-erp", attributes: { code: "T" } });
  await page.getByRole("button", { name: /^Try again/ }).click();
  await row(page, "It is stuck").waitFor({ state: "detached" });
  await site.call("admin", "clock.advance", { by: "1 minute" });
  await row(page, "Ticks").waitFor({ state: "detached" });
  const done = await site.call("li", "case.get", { case: key });
  assert.deepEqual([done.states, done.fields.seen], [["done"], "T!"]);
});
