/** How long an interrupt may take to end what runs before the person is told that this code cannot be stopped, in ms. */
const PATIENCE = 3000;

const STUCK = `The interrupt has had no effect for ${PATIENCE / 1000} s: the code is within a call that cannot be stopped.
It ends when that call returns. To end the session instead, and lose its variables, interrupt once more.
`;

/** Waits for an interrupt to take effect, and tells the person what one more would do. */
export class InterruptPatience {
  readonly #tell: (text: string) => void;
  /** Runs from the first interrupt to the end of what it is meant for. */
  #timer: NodeJS.Timeout | undefined;
  #told = false;

  /** @param tell - shows the person a text */
  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  /** Whether the person has been told what one more interrupt does. */
  get isOver(): boolean {
    return this.#told;
  }

  /** An interrupt is under way. */
  begin(): void {
    this.#timer ??= setTimeout(() => {
      this.#told = true;
      this.#tell(STUCK);
    }, PATIENCE);
  }

  /** What an interrupt was meant for has ended, or it is at least clear that the session can be interrupted. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#told = false;
  }
}
