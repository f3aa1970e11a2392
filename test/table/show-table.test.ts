import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { DisplayHost, DisplayMessage } from "rnnlab/display";
import { showTable, tableBundle } from "rnnlab/table";

const hostSymbol = Symbol.for("rnnlab.displayHost");
const globals = globalThis as { [hostSymbol]?: DisplayHost };

describe("showTable()", () => {
  afterEach(() => {
    delete globals[hostSymbol];
  });

  it("publishes the table below the running cell", () => {
    const published: DisplayMessage[] = [];
    globals[hostSymbol] = {
      publish: (message) => published.push(message),
      clear: () => undefined,
      cell: { id: "table", executionCount: 1 },
    };
    const data = { month: ["May", "June"], amount: [58.4, 60.25] };
    showTable(data, { caption: "Production" });
    assert.deepEqual(published, [{ data: { ...tableBundle(data, { caption: "Production" }) } }]);
  });
});
