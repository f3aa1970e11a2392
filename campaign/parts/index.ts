/** What the campaign tries. */
import type { PartName } from "../arguments.js";
import type { Part } from "../round.js";
import { cells } from "./cells.js";
import { interrupts } from "./interrupts.js";
import { kills } from "./kills.js";
import { messages } from "./messages.js";
import { nbconvert } from "./nbconvert.js";

export const parts: Readonly<Record<PartName, Part>> = { cells, nbconvert, interrupts, kills, messages };
