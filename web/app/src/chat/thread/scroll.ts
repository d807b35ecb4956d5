/**
 * Keeps a growing conversation where the reader is: at its end while they are there, else at the line they read.
 *
 * The browser's own anchoring is off (it fails at the very top, and Safari has none): what is read stays put when earlier
 * messages come above it, when heights become known, and when the answer grows below.
 */

/** So near the end counts as being there. */
const AT_END_PX = 48;

export class Scroll {
  #following = true;
  #anchor: { element: Element; top: number } | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #stop: () => void;

  constructor(
    readonly box: HTMLElement,
    readonly content: HTMLElement,
  ) {
    const resized = new ResizeObserver(() => this.settle());
    resized.observe(content);
    resized.observe(box);
    const scrolled = () => this.#scrolled();
    box.addEventListener("scroll", scrolled, { passive: true });
    this.#stop = () => {
      resized.disconnect();
      box.removeEventListener("scroll", scrolled);
    };
    this.settle();
  }

  /** Whether the end is in sight, and followed. */
  readonly following = (): boolean => this.#following;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly toEnd = (behavior: ScrollBehavior = "instant"): void => {
    this.#follow(true);
    this.box.scrollTo({ top: this.box.scrollHeight, behavior });
  };

  /** Heights have changed: go back to where the reader was. */
  readonly settle = (): void => {
    if (this.#following) {
      this.box.scrollTop = this.box.scrollHeight;
      return;
    }
    if (this.#anchor?.element.isConnected !== true) return;
    const moved = this.#topOf(this.#anchor.element) - this.#anchor.top;
    if (Math.abs(moved) >= 1) this.box.scrollTop += moved;
  };

  readonly end = (): void => this.#stop();

  #scrolled(): void {
    const left = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight;
    this.#follow(left <= AT_END_PX);
    const element = this.#following ? null : this.#firstInSight();
    this.#anchor = element === null ? null : { element, top: this.#topOf(element) };
  }

  #follow(following: boolean): void {
    if (this.#following === following) return;
    this.#following = following;
    for (const listener of this.#listeners) listener();
  }

  #topOf(element: Element): number {
    return element.getBoundingClientRect().top - this.box.getBoundingClientRect().top;
  }

  #firstInSight(): Element | null {
    const rows = this.content.querySelectorAll("[data-row]");
    let from = 0;
    let to = rows.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const row = rows[middle];
      if (row === undefined) break;
      if (this.#topOf(row) + row.clientHeight <= 0) from = middle + 1;
      else to = middle;
    }
    return rows[from] ?? null;
  }
}
