/** What the kernel spawns: it loads the session into a realm of its own. */
import { join } from "node:path";
import { loadInRealm } from "./realm/session-realm.js";

loadInRealm(join(__dirname, "main.js"));
