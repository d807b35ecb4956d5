/**
 * A long conversation in pages, so that what is far from sight need not be drawn, and what did not change is not looked at.
 *
 * A page begins where it began before, whatever comes above or below it. Pure.
 */

export type Keyed = { readonly key: string };
export type Pages<T extends Keyed> = readonly (readonly T[])[];

export const PAGE_SIZE = 30;

/** The pages of a list, building on those of the last time; unchanged ones are the same arrays. */
export function paged<T extends Keyed>(items: readonly T[], before: Pages<T>): Pages<T> {
  const starts = new Set(before.map(([first]) => first?.key));
  const known = items.findIndex(({ key }) => starts.has(key));
  const pages: T[][] = [];
  items.forEach((item, index) => {
    const page = pages.at(-1);
    const earlier = index < known;
    // Earlier ones are counted back from what is known, so that the odd page is the first.
    const begins = earlier ? (known - index) % PAGE_SIZE === 0 : index === known || starts.has(item.key);
    if (page === undefined || begins || (!earlier && page.length >= PAGE_SIZE)) pages.push([item]);
    else page.push(item);
  });
  const byStart = new Map(before.map((page) => [page[0]?.key, page]));
  const kept = pages.map((page) => {
    const old = byStart.get(page[0]?.key);
    return old !== undefined && sameItems(old, page) ? old : page;
  });
  return kept.length === before.length && kept.every((page, index) => page === before[index]) ? before : kept;
}

const sameItems = <T>(some: readonly T[], others: readonly T[]): boolean =>
  some.length === others.length && some.every((item, index) => item === others[index]);
