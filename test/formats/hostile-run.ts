/** Reads every hostile pickle in a process of its own, and says how much memory it took. */
import { parseNpy } from "rnnlab/datasets";
import { hostilePickles, objectFile } from "./hostile-pickles.js";

const results = hostilePickles(process.argv[2] ?? "").map(({ does, pickle }) => {
  try {
    parseNpy(objectFile(pickle()), "hostile.npy");
    return [does, "accepted"];
  } catch (error) {
    return [does, String(error)];
  }
});
console.log(JSON.stringify({ results, megabytes: process.resourceUsage().maxRSS / 1024 }));
