/** What the campaign tries. */
import type { PartName } from "../arguments.js";
import type { Part } from "../round.js";
import { cells } from "./cells.js";
import { files } from "./files.js";
import { globals } from "./globals.js";
import { interrupts } from "./interrupts.js";
import { kills } from "./kills.js";
import { messages } from "./messages.js";
import { nbconvert } from "./nbconvert.js";
import { saves } from "./saves.js";

export const parts: Readonly<Record<PartName, Part>> = {
  cells,
  nbconvert,
  interrupts,
  kills,
  globals,
  messages,
  files,
  saves,
};
