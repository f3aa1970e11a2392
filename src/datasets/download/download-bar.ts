import { ProgressBar } from "../../display/index.js";
import type { DatasetFile } from "../registry.js";
import type { DownloadProgress } from "./transfer.js";

/** Shows a bar below the cell while a file is downloaded. */
export class DownloadBar {
  readonly #entry: DatasetFile;
  #bar: ProgressBar | undefined;
  #received = 0;

  constructor(entry: DatasetFile) {
    this.#entry = entry;
  }

  update({ received, total }: DownloadProgress): void {
    this.#bar ??= new ProgressBar(total ?? this.#entry.bytes);
    this.#received = received;
    this.#bar.update(received, () => this.#describe());
  }

  finish(): void {
    this.#bar?.finish(`${this.#describe()}, done`);
  }

  #describe(): string {
    return `${this.#entry.name}: ${Math.ceil(this.#received / 1000)} kB downloaded`;
  }
}
