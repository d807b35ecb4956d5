import { expect, test } from "vitest";
import { PAGE_SIZE, paged } from "./pages";

const items = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ key: String(from + index) }));
const all = items(0, 200);
const starts = (pages: ReturnType<typeof paged>) => pages.map(([first]) => Number(first?.key));

test("pages are of one size, and joined they are the list", () => {
  const pages = paged(all.slice(0, 70), []);
  expect(starts(pages)).toEqual([0, PAGE_SIZE, 2 * PAGE_SIZE]);
  expect(pages.flat()).toEqual(all.slice(0, 70));
});

test("what comes at the end or above leaves the other pages as they are", () => {
  const before = paged(all.slice(100, 170), []);
  const longer = paged(all.slice(100, 195), before);
  expect(starts(longer)).toEqual([100, 130, 160, 190]);
  expect(longer[0]).toBe(before[0]);
  expect(longer[1]).toBe(before[1]);
  const earlier = paged(all.slice(60, 195), longer);
  expect(starts(earlier)).toEqual([60, 70, 100, 130, 160, 190]);
  expect(earlier.slice(2)).toEqual(longer);
  expect(earlier[2]).toBe(longer[0]);
});

test("an item that changes renews its page alone, and the same list is the same pages", () => {
  const before = paged(all.slice(0, 70), []);
  const changed = all.slice(0, 70).map((item) => (item.key === "40" ? { ...item } : item));
  const after = paged(changed, before);
  expect(after.map((page, index) => page === before[index])).toEqual([true, false, true]);
  expect(paged(changed, after)).toBe(after);
});

test("another list begins anew", () => {
  expect(starts(paged(items(500, 540), paged(all.slice(0, 70), [])))).toEqual([500, 530]);
  expect(paged([], paged(all, []))).toEqual([]);
});
