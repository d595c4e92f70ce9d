// SPDX-License-Identifier: Apache-2.0
// The portal: a client's person sees their own projects, answers, raises, asks and takes the proof away; and no
// answer of the server to them holds a word that is the team's own.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

const SECRET = "INTERNAL-WORD";
const XSS = `<img src=x onerror="window.hit=1"> "><script>window.hit=1</script>`;

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

/** Everything that the server sends to this page. */
function listen(page) {
  const all = [];
  page.on("websocket", (socket) => socket.on("framereceived", (frame) => all.push(String(frame.payload))));
  page.on("response", async (response) => all.push(await response.text().catch(() => "")));
  return all;
}

async function whispered(key) {
  await site.call("li", "case.comment", { case: key, text: SECRET });
  await site.call("sun", "case.comment", { case: key, text: `${SECRET} again` });
}

test("what waits is on top, and is agreed to with exactly what it is shown", async () => {
  const key = await site.change("Export for the auditors");
  await whispered(key);
  const page = await site.open("tom", "/portal/");
  const sent = listen(page);
  await page.reload();
  await page.getByRole("heading", { name: "ERP for Acme" }).waitFor();
  await shot(page, "portal-home");
  assert.deepEqual(await serious(page), []);
  await page.locator(".portal-card").filter({ hasText: "Export for the auditors" }).click();
  await page.locator(".agreed").getByText("80,000.00").waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "portal-asked");
  await page.getByRole("button", { name: /^Approve/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("One report, one button").waitFor();
  await dialog.getByRole("button", { name: /Confirm/ }).click();
  await page.getByText(/Recorded as entry/).waitFor();
  const [round] = (await site.call("li", "case.get", { case: key })).approvals;
  assert.deepEqual(round.ballots.map((one) => [one.person, one.choice]), [["tom", "approve"]]);
  await page.goto(`${site.url}/portal/`);
  await page.getByRole("heading", { name: "ERP for Acme" }).waitFor();
  assert.ok(sent.length > 5 && sent.some((text) => text.includes("Export for the auditors")));
  assert.deepEqual(sent.filter((text) => text.includes(SECRET)), []);
});

test("a decision's certificate is taken away and is whole", async () => {
  const key = await site.change("A second printer");
  await whispered(key);
  for (const name of ["li", "wang", "chen", "zhao", "tom"]) {
    const item = (await site.call(name, "inbox.list")).items.find((one) => one.case === key);
    if (item?.digest) await site.call(name, "approval.vote", { case: key, choice: "approve", digest: item.digest });
  }
  const page = await site.open("mei", `/portal/case/${key}`);
  const sent = listen(page);
  for (const name of ["Certificate", "Certificate (for programs)"]) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).first().click()]);
    assert.match(file.suggestedFilename(), new RegExp(`^${key}-\\d+\\.certificate\\.(html|json)$`));
    const { public_key } = await site.call("mei", "server.info");
    const said = execFileSync(process.env.SIGNOFF_BINARY, ["verify", await file.path(), "--key", public_key, "--lang", "en"], { encoding: "utf8" });
    assert.match(said, /the certificate is whole/);
    assert.ok(!readFileSync(await file.path(), "utf8").includes(SECRET));
  }
  assert.deepEqual(await serious(page), []);
  await shot(page, "portal-decided");
  assert.deepEqual(sent.filter((text) => text.includes(SECRET)), []);
});

test("something is raised in a minute, asked about, and nothing typed in is run", async () => {
  const page = await site.open("mei", "/portal/new", { width: 390, height: 780 });
  await page.getByRole("button", { name: "Client issue" }).waitFor();
  await page.getByRole("button", { name: "Complaint" }).waitFor(); // which needs its summary at once
  // Only what a client may open is offered: an acceptance is the project manager's.
  assert.equal(await page.getByRole("button", { name: "Acceptance" }).count(), 0);
  assert.deepEqual(await serious(page), []);
  await shot(page, "portal-new-phone");
  await page.getByRole("button", { name: "Client issue" }).click();
  await page.getByLabel("Summary").fill(XSS);
  assert.deepEqual(await serious(page), []);
  await shot(page, "portal-form-phone");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("heading", { name: XSS }).waitFor();
  await page.getByLabel("Your words").fill(`When will it be done? ${XSS}`);
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator(".portal-course blockquote").getByText("When will it be done?").waitFor();
  assert.equal(await page.evaluate(() => window.hit), undefined);
  const { items } = await site.call("li", "case.list", { workflow: "issue" });
  assert.equal(items[0].title, XSS);
  await shot(page, "portal-raised-phone");
});

test("a survey is answered, and a file is added and taken away", async () => {
  const { case: key } = await site.call("li", "case.open", {
    workflow: "closeout", project: "acme-erp", fields: { summary: "The first year" },
  });
  const home = await site.open("mei", "/portal/");
  await home.getByText("Asked of you: Answer the survey").waitFor();
  const page = await site.open("tom", "/portal/", { width: 390, height: 1000 });
  await page.locator(".portal-row").filter({ hasText: "Asked of you: Answer the survey" }).click();
  await page.getByRole("button", { name: "Answer the survey" }).click();
  await page.getByLabel("Would you recommend us? (0 to 10)").fill("9");
  await shot(page, "portal-survey-phone");
  await page.getByRole("button", { name: "Confirm: Answer the survey" }).click();
  await page.getByText(/Recorded as entry/).waitFor();
  assert.equal((await site.call("li", "case.get", { case: key })).fields.survey, 9);
  await home.getByText("Asked of you").waitFor({ state: "detached" });
  await page.getByLabel("Add a file").setInputFiles({ name: "<b>list.txt", mimeType: "text/plain", buffer: Buffer.from("one, two\n") });
  const named = page.getByRole("button", { name: "<b>list.txt" });
  await named.waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), named.click()]);
  assert.equal(readFileSync(await file.path(), "utf8"), "one, two\n");
  assert.deepEqual((await site.call("li", "case.get", { case: key })).files.map((one) => one.shared), [true]);
  assert.deepEqual(await serious(page), []);
});

test("nothing of another client's is there, and the team's side is not theirs", async () => {
  await site.call("li", "client.create", { client: "other", title: "Other" });
  await site.call("li", "project.create", { project: "other-1", client: "other", title: `${SECRET} of Other` });
  await site.call("li", "project.member.add", { project: "other-1", person: "li", role: "pm" });
  const { case: key } = await site.call("li", "case.open", {
    workflow: "change_request", project: "other-1", fields: { summary: SECRET, reason: SECRET },
  });
  const page = await site.open("mei", "/portal/");
  const sent = listen(page);
  await page.reload();
  await page.getByRole("heading", { name: "ERP for Acme" }).waitFor();
  await page.goto(`${site.url}/portal/case/${key}`);
  await page.getByText(`there is no case ${key}`).waitFor();
  await page.goto(`${site.url}/console/`);
  await page.waitForURL(`${site.url}/portal/`);
  assert.deepEqual(sent.filter((text) => text.includes(SECRET)), []);
});

test("what others do appears by itself", async () => {
  const page = await site.open("tom", "/portal/");
  await page.getByRole("heading", { name: "ERP for Acme" }).waitFor();
  await site.change("Appears by itself");
  await page.locator(".portal-card").filter({ hasText: "Appears by itself" }).waitFor();
});

for (const language of ["en", "zh"])
  for (const theme of ["light", "dark"])
    test(`phones first: ${language}, ${theme}`, async () => {
      const { items } = await site.call("tom", "case.list", { limit: 1 });
      const page = await site.open("tom", "/portal/", { language, theme, width: 390, height: 1400 });
      for (const [path, ready, name] of [["", ".portal-project", "home"], ["new", ".portal-kinds", "new"], [`case/${items[0].case}`, ".portal-course", "case"]]) {
        if (path !== "") await page.goto(`${site.url}/portal/${path}`);
        await page.locator(ready).first().waitFor();
        assert.deepEqual(await serious(page), []);
        const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(widths[0] <= widths[1], `${name} is wider than the phone: ${widths}`);
        await shot(page, `portal-${name}-${language}-${theme}`);
      }
    });
