import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium, newPage } from "../../tools/browser/chromium.js";
import { frontEnds, JupyterServer } from "../../tools/browser/jupyter-server.js";
import type { NotebookPage } from "../../tools/browser/notebook-page.js";
import { folderOf, screenshot } from "../../tools/browser/screenshot.js";

/** How soon after the button a training ends, in ms. */
const INTERRUPT_LIMIT = 1000;

const MODEL = `import { tf } from "rnnlab";
import { fit } from "rnnlab/training";
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const [inputs, targets] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [4]])];`;
const trainings = {
  "tfjs's fit": `const onEpochBegin = (epoch: number) => { if (epoch === 1) console.log("epoch 1"); };
await model.fit(inputs, targets, { epochs: 1e6, verbose: 0, callbacks: { onEpochBegin } });`,
  "rnnlab's fit": "await fit(model, inputs, targets, { epochs: 1e6, batchSize: 2, livePlot: true });",
};

let browser: Browser;
let server: JupyterServer;
before(async () => {
  browser = await launchChromium();
  server = await JupyterServer.start();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const frontEnd of frontEnds) {
  describe(frontEnd, () => {
    const folder = folderOf(frontEnd);
    let page: Page;
    let notebook: NotebookPage;
    before(async () => {
      const name = `${folder}.ipynb`;
      server.write(name, [MODEL, "1 + 1"]);
      page = await newPage(browser, 1200, 900);
      notebook = await server.open(page, name, frontEnd);
      await notebook.run(0);
    });

    for (const [name, training] of Object.entries(trainings)) {
      test(`the interrupt button stops ${name} within a second, and the next cell runs`, async () => {
        await notebook.write(1, training);
        await notebook.start(1);
        await notebook
          .output(1)
          .getByText(/epoch \d+/)
          .waitFor();
        // From the click to when the kernel said that the cell has ended: drawing the last figure is not stopping.
        await page.evaluate(`(() => {
          const clicked = new Promise((done) =>
            document.addEventListener("click", () => done(Date.now()), { capture: true, once: true }));
          const ended = new Promise((done) =>
            window.jupyterapp.shell.currentWidget.sessionContext.iopubMessage.connect((_, { header }) => {
              if (header.msg_type === "error") done(Date.parse(header.date));
            }));
          window.interrupted = Promise.all([clicked, ended]).then(([from, to]) => to - from);
        })()`);
        await notebook.press("interrupt");
        const took = await page.evaluate<number>("window.interrupted");
        assert.ok(took < INTERRUPT_LIMIT, `${took} ms`);
        await notebook.output(1).getByText("KeyboardInterrupt").first().waitFor();
        await screenshot(page, `${folder}/interrupted-${name.replace(/\W.*/, "")}`);
        await notebook.write(1, "6 * 7");
        await notebook.run(1);
        assert.match(await notebook.output(1).innerText(), /42/);
      });
    }

    test("Tab completes with the members of a value's type", async () => {
      await notebook.write(1, "inputs.");
      await page.keyboard.press("Tab");
      // The list grows while it is shown.
      const member = (name: string) => {
        const match = page.locator(".jp-Completer-match", { hasText: new RegExp(`^${name}$`) });
        return page.locator(".jp-Completer-item", { has: match }).innerText();
      };
      assert.match(await member("matMul"), /method/);
      assert.match(await member("shape"), /property/);
      await screenshot(page, `${folder}/completion`);
      await page.keyboard.type("matM");
      await page.keyboard.press("Enter");
      await notebook.cell(1).locator(".cm-content", { hasText: "inputs.matMul" }).waitFor();
    });

    test("Shift-Tab shows signature and documentation", async () => {
      await notebook.write(1, "fit");
      await page.keyboard.press("Shift+Tab");
      const tooltip = page.locator(".jp-Tooltip");
      await tooltip.getByText("Trains a compiled model").waitFor();
      await screenshot(page, `${folder}/documentation`);
      assert.match(
        await tooltip.innerText(),
        /function fit<Keep extends KeepWeights \| undefined = undefined>\(model: LayersModel/,
      );
      await page.keyboard.press("Escape");
    });

    const answers = [
      { code: 'prompt("Name?", "Ann")', question: "Name? [Ann]", answer: "Zoë", result: /'Zoë'/ },
      { code: 'prompt("Name?", "Ann")', question: "Name? [Ann]", answer: "", result: /'Ann'/ },
      { code: 'confirm("Sure?")', question: "Sure? [y/N]", answer: "y", result: /true/ },
      {
        code: '(await input("Password:", { password: true })).length',
        question: "Password:",
        answer: "secret",
        result: /6/,
      },
    ];
    test("the input box answers prompt, confirm and input, and hides a password", async () => {
      for (const { code, question, answer, result } of answers) {
        await notebook.write(1, code);
        await notebook.start(1);
        const box = notebook.cell(1).locator(".jp-Stdin-input");
        await box.waitFor();
        assert.equal(await notebook.cell(1).locator(".jp-Stdin-prompt").innerText(), question);
        assert.equal(await box.getAttribute("type"), question === "Password:" ? "password" : null);
        await box.fill(answer);
        await screenshot(page, `${folder}/input-${question.replaceAll(/\W/g, "").toLowerCase()}`);
        await box.press("Enter");
        await notebook.ended(1);
        const output = await notebook.output(1).innerText();
        assert.match(output, result);
        assert.ok(!output.includes("secret"), output);
      }
    });

    test("after a restart earlier names are gone, and cells run", async () => {
      await notebook.write(1, "model.name");
      await notebook.press("restart");
      await page.locator(".jp-Dialog .jp-mod-accept").click();
      await page.locator(".jp-Dialog").waitFor({ state: "detached" });
      await notebook.status("idle");
      await notebook.start(1);
      await notebook.output(1).getByText("TS2304: Cannot find name 'model'").waitFor();
      await notebook.press("restart-and-run");
      await page.locator(".jp-Dialog .jp-mod-accept").click();
      await notebook.output(1).getByText("sequential_1").waitFor();
      assert.match(await notebook.cell(1).locator(".jp-InputPrompt").innerText(), /\[2\]/);
    });
  });
}
