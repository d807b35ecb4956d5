/** The variables of a skill, as the config has them. Pure. */
import type { SkillsConfig } from "./wire";

/** What a shell takes for a name. */
export const isName = (text: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);

/** The names that are set; their values are nobody's to see. */
export const namesIn = (answer: SkillsConfig | undefined, skillKey: string): readonly string[] =>
  Object.keys(answer?.config?.skills?.entries?.[skillKey]?.env ?? {}).sort();
