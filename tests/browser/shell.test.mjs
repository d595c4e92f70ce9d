// SPDX-License-Identifier: Apache-2.0
// What is around the pages: how much of it there is, keys, languages, colours, what happens without a connection.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

const FIRST_VIEW_BYTES = 200_000; // compressed
const XSS = `"><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}\${7*7}`;

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

test("the first view is small", async () => {
  const page = await site.open("li", "/console/");
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  const sizes = await page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map((entry) => [
      entry.name, entry.encodedBodySize]));
  assert.ok(sizes.length > 3);
  const bytes = sizes.reduce((sum, [, size]) => sum + size, 0);
  assert.ok(bytes < FIRST_VIEW_BYTES, `${bytes} bytes: ${JSON.stringify(sizes)}`);
});

test("everything can be reached and done by keys alone", async () => {
  await site.change("By keys alone");
  const page = await site.open("wang", "/console/");
  await page.getByRole("heading", { name: "By keys alone" }).waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keys" });
  await help.getByText("Agree, or the first thing to do").waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "keys");
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });
  await page.keyboard.press("c");
  await page.getByLabel("Your comment").fill("j and a are letters here");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText(/Recorded as entry/).waitFor();
  await page.locator(".acts button").first().waitFor();
  await page.keyboard.press("r");
  await page.getByRole("dialog", { name: /reject/i }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("language and colours change at once and are kept", async () => {
  await site.change("In two languages");
  const page = await site.open("li", "/console/", { chosen: false });
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  await page.locator(".account summary").click();
  await page.getByLabel("Language").selectOption("zh");
  await page.getByRole("heading", { name: "待办" }).waitFor();
  await page.locator(".asked").getByText("审批").first().waitFor(); // the server's words as well
  await page.getByLabel("外观").selectOption("dark");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".account[open]").count(), 0);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.reload();
  await page.getByRole("heading", { name: "待办" }).waitFor();
  assert.equal(await ground(), dark);
  assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
});

test("without WebSockets everything goes by requests, and says so", async () => {
  const browser = await site.launch();
  const page = await site.open("sun", "/console/not/there");
  await page.context().routeWebSocket("**/rpc", (socket) => socket.close());
  await page.goto(`${site.url}/console/`);
  await page.getByText("No live connection").waitFor();
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  site.forgive(/WebSocket/);
  assert.ok(browser.isConnected());
});

test("a page that is not there says so and leads back", async () => {
  const page = await site.open("li", "/console/no/such/page");
  await page.getByRole("heading", { name: "There is no page here" }).waitFor();
  await page.getByRole("link", { name: "Go to the inbox" }).click();
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
});

test("what people write is shown and never run", async () => {
  await site.call("li", "person.update", { person: "chen", title: XSS });
  const key = await site.change(XSS);
  await site.call("mei", "case.comment", { case: key, text: XSS });
  const page = await site.open("chen", "/console/");
  page.on("dialog", () => site.faults.push("a script ran"));
  await page.getByRole("button", { name: XSS.slice(0, 20) }).click();
  await page.getByRole("heading", { name: XSS }).waitFor();
  await page.locator(".acts button").first().waitFor();
  await page.keyboard.press("a");
  await page.getByRole("dialog").getByText(XSS).first().waitFor();
  assert.equal(await page.locator("img[src=x]").count(), 0);
});
