import { whenLoaded } from "../imports/package-loads.js";
import { cells } from "../realm/cell-realm.js";

/** What the session knows of TensorFlow.js' engine, in which operations, scopes and gradients nest. */
interface Engine {
  endScope(): void;
  readonly state: {
    readonly scopeStack: readonly unknown[];
    kernelDepth: number;
    gradientDepth: number;
    numDataMovesStack: number[];
    activeTape: { readonly saved?: readonly { dispose(): void }[] }[] | null;
  };
}

/**
 * Brings TensorFlow.js back in order after its code was terminated, which skips every `finally`: an engine that still
 * believes itself within an operation records no gradients, and one within a scope never frees its tensors.
 */
export class TensorEngines {
  /** Each engine with how many scopes were open before the cell. */
  readonly #scopes = new Map<Engine, number>();

  /** From here on every copy of TensorFlow.js that is loaded is known. */
  install(): void {
    whenLoaded("@tensorflow/tfjs-core", (exports) => {
      const engine = (exports as { readonly engine?: () => Engine }).engine?.();
      if (engine !== undefined) this.#scopes.set(engine, engine.state.scopeStack.length);
      // tfjs-node 4.22 calls two functions of node:util that Node 23 has removed; `rnnlab` does the same.
      Object.assign(cells.modules.util, {
        isArray: Array.isArray,
        isNullOrUndefined: (value: unknown) => value === null || value === undefined,
      });
    });
  }

  /** To be called before a cell runs. */
  remember(): void {
    for (const engine of this.#scopes.keys()) this.#scopes.set(engine, engine.state.scopeStack.length);
  }

  /** To be called after a cell was interrupted, when none of its code is running. */
  repair(): void {
    for (const [engine, scopes] of this.#scopes) {
      const { state } = engine;
      for (const { saved = [] } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
      state.activeTape = null;
      state.gradientDepth = 0;
      state.kernelDepth = 0;
      state.numDataMovesStack = [];
      while (state.scopeStack.length > scopes) engine.endScope();
    }
  }
}
