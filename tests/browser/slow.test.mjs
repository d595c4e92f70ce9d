// SPDX-License-Identifier: Apache-2.0
// A slow line, and one that breaks: something is seen meanwhile, nothing is decided twice, nothing typed is lost, and
// what others do appears again by itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { shot, Site } from "./harness.mjs";
import { Line } from "./line.mjs";

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

/** A page whose requests all go over the line. */
async function over(line, name, path) {
  const page = await site.blank(name);
  await page.goto(line.url + path);
  return page;
}

/** The page first: to one that goes on, its server would be away. */
async function end(page, line) {
  await page.context().close();
  await line.close();
}

const ballots = async (key) => (await site.call("li", "case.get", { case: key })).approvals[0].ballots.map((one) => [one.person, one.choice]);
const comments = async (key) => (await site.call("li", "case.history", { case: key })).items.filter((entry) => entry.kind === "comment").length;

test("over a slow line there is something to see at once, and the page comes", async () => {
  await site.change("Over a thin wire");
  const page = await site.blank("wang");
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 });
  await page.goto(`${site.url}/console/`, { waitUntil: "commit" });
  await page.locator(".skeleton").first().waitFor();
  await shot(page, "slow-skeleton");
  await page.getByRole("heading", { name: "Over a thin wire" }).waitFor();
  await page.getByRole("button", { name: /^Approve/ }).click();
  await page.getByRole("button", { name: "Confirm: Approve" }).click();
  await page.getByText(/Recorded as entry/).waitFor();
});

// Where the line breaks, and what the page is then to do with a decision that is under way.
const breaks = {
  "before the request has left": (line) => line.hold("up"),
  "before the answer has come": (line) => line.hold("down"),
};
for (const [where, hold] of Object.entries(breaks))
  test(`a line that breaks ${where}: the decision is made, once`, async () => {
    const key = await site.change(`Broken ${where}`);
    const line = await Line.to(site);
    const page = await over(line, "wang", `/console/case/${key}`);
    await page.getByRole("button", { name: /^Approve/ }).click();
    const confirm = page.getByRole("button", { name: "Confirm: Approve" });
    await confirm.waitFor();
    hold(line);
    await confirm.click();
    await line.held();
    assert.equal(await confirm.isDisabled(), true);
    line.cut();
    await page.getByText(/Recorded as entry/).waitFor();
    assert.deepEqual(await ballots(key), [["wang", "approve"]]);
    assert.ok(line.connections > 1);
    await end(page, line);
  });

test("a line over which nothing comes any more is noticed, and opened anew", async () => {
  const key = await site.change("Silence");
  const line = await Line.to(site);
  const page = await site.blank("wang");
  await page.clock.install({ time: new Date() });
  await page.goto(`${line.url}/console/case/${key}`);
  await page.getByRole("button", { name: /^Approve/ }).click();
  await page.getByRole("button", { name: "Confirm: Approve" }).waitFor();
  line.hold("down");
  await page.getByRole("button", { name: "Confirm: Approve" }).click();
  await line.held();
  const before = line.connections;
  line.forget(); // the old connection stays as it is: neither answers nor ends
  // No further than needed: what is said when the answer has come is taken away after some seconds of this clock.
  for (let s = 0; s < 40 && line.connections === before; s++) await page.clock.runFor(1_000);
  await page.getByText(/Recorded as entry/).waitFor();
  assert.deepEqual(await ballots(key), [["wang", "approve"]]);
  await end(page, line);
});

test("what is typed stays while the line breaks and others act, and goes where it was meant to", async () => {
  const key = await site.change("Words that stay");
  const line = await Line.to(site);
  const page = await over(line, "wang", `/console/case/${key}`);
  const box = page.getByRole("textbox").first();
  await box.fill("As agreed on the phone");
  await box.press("End");
  line.cut();
  await page.locator(".offline").waitFor();
  await box.pressSequentially(", twice");
  await site.call("li", "case.comment", { case: key, text: "Meanwhile" });
  await page.locator(".offline").waitFor({ state: "detached" });
  await page.getByText("Meanwhile").waitFor();
  assert.equal(await box.inputValue(), "As agreed on the phone, twice");
  await page.getByRole("button", { name: /comment/i }).last().click();
  await page.getByText("As agreed on the phone, twice").waitFor();
  assert.equal(await comments(key), 2);
  await end(page, line);
});

test("a server that is started anew is found again, with what happened before and after", async () => {
  const key = await site.change("Restarted");
  const page = await site.open("wang", "/console/");
  await page.getByRole("button", { name: /Restarted/ }).click();
  await page.getByRole("heading", { name: "Restarted" }).waitFor();
  await page.getByRole("button", { name: /^Approve/ }).click();
  await page.getByRole("textbox").fill("Half a sentence");
  await site.restart();
  await site.change("After the start");
  await page.getByRole("button", { name: /After the start/ }).waitFor();
  assert.equal(await page.getByRole("textbox").inputValue(), "Half a sentence");
  await page.getByRole("button", { name: "Confirm: Approve" }).click();
  await page.getByText(/Recorded as entry/).waitFor();
  assert.deepEqual(await ballots(key), [["wang", "approve"]]);
  site.forgive(/WebSocket|ERR_CONNECTION/);
});

test("a server that is away for long is said to be away, and is found again when it comes", async () => {
  await site.change("Away for long");
  const page = await site.blank("wang");
  await page.clock.install({ time: new Date() });
  await page.goto(`${site.url}/console/`);
  await page.getByRole("button", { name: /Away for long/ }).waitFor();
  await site.end();
  await page.getByText(/The connection is lost/).waitFor();
  for (let n = 0; n < 10; n++) {
    const refused = page.waitForEvent("console"); // the browser says of each try that it has failed
    await page.clock.runFor(20_000);
    await refused;
    assert.equal(await page.locator(".offline").textContent(), "The connection is lost. Trying again …");
  }
  await site.serve(new URL(site.url).host, site.clock);
  await page.clock.runFor(20_000);
  await page.locator(".offline").waitFor({ state: "detached" });
  await site.change("Back again");
  await page.clock.runFor(5_000);
  await page.getByRole("button", { name: /Back again/ }).waitFor();
  await page.context().close();
  site.forgive(/WebSocket|ERR_CONNECTION/);
});

test("where no WebSocket passes, an answer that is lost is asked for again, and nothing is done twice", async () => {
  const key = await site.change("By requests alone");
  const line = await Line.to(site);
  line.sockets = false;
  const page = await over(line, "wang", `/console/case/${key}`);
  await page.getByText(/No live connection/).waitFor();
  const box = page.getByRole("textbox").first();
  await box.fill("Said once");
  line.loses = "case.comment";
  await page.getByRole("button", { name: /comment/i }).last().click();
  await page.getByText("No answer has come, so it is not known whether this was recorded.").first().waitFor();
  await shot(page, "slow-unknown");
  assert.ok(line.lost > 1, "it asks by itself first");
  assert.equal(await box.inputValue(), "Said once");
  line.loses = null;
  await page.getByRole("button", { name: /comment/i }).last().click();
  await page.waitForFunction((its) => its.value === "", await box.elementHandle());
  assert.equal(await comments(key), 1);
  site.forgive(/WebSocket|ERR_/);
  await end(page, line);
});
