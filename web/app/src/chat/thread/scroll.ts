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
  /** Where the box was scrolled to when last looked at. */
  #top = 0;
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
    const top = this.box.scrollTop;
    const left = this.box.scrollHeight - top - this.box.clientHeight;
    // An answer may grow between our scrolling and its event: only who moves up wants to leave the end.
    const leaves = top < this.#top - 1;
    this.#top = top;
    this.#follow(left <= AT_END_PX || (this.#following && !leaves));
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

  /** The first row in sight; where a page is not drawn, the page. */
  #firstInSight(): Element | null {
    const page = this.#firstOf(this.content.querySelectorAll("[data-page]"));
    return (page && this.#firstOf(page.querySelectorAll("[data-row]"))) ?? page;
  }

  #firstOf(elements: NodeListOf<Element>): Element | null {
    let from = 0;
    let to = elements.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const element = elements[middle];
      if (element === undefined) break;
      if (this.#topOf(element) + element.clientHeight <= 0) from = middle + 1;
      else to = middle;
    }
    return elements[from] ?? null;
  }
}
