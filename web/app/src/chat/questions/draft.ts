/** An answer before it is sent. Pure. */

export type Draft = {
  /** Labels of options. */
  readonly chosen: readonly string[];
  /** Words of one's own. */
  readonly text: string;
};

export const EMPTY: Draft = { chosen: [], text: "" };

/** One option more or less; where only one may be chosen, it takes the place of the other, and of one's own words. */
export function toggled(draft: Draft, label: string, multiple: boolean): Draft {
  if (!multiple) return { chosen: [label], text: "" };
  const chosen = draft.chosen.includes(label)
    ? draft.chosen.filter((each) => each !== label)
    : [...draft.chosen, label];
  return { ...draft, chosen };
}

/** Words of one's own; where only one answer is possible, they take the place of the option. */
export function written(draft: Draft, text: string, multiple: boolean): Draft {
  return { chosen: multiple || text === "" ? draft.chosen : [], text };
}

/** What is sent. */
export function worded({ chosen, text }: Draft): readonly string[] {
  return text.trim() === "" ? chosen : [...chosen, text.trim()];
}

export const isAnswered = (draft: Draft): boolean => worded(draft).length > 0;
