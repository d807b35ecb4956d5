/** How agents are called and shown. Pure. */
import type { Agent, Identity, ModelsList } from "./wire";

export const nameOf = (agent: Agent, identity?: Identity): string =>
  agent.identity?.name || agent.name || identity?.name || agent.id;

/** The address of its picture, if it has one: not a path on the gateway's host. */
export const pictureOf = (agent: Agent, identity?: Identity): string | null =>
  [agent.identity?.avatar, identity?.avatar].find((avatar) => avatar != null && isPicture(avatar)) ?? null;

export const isPicture = (address: string): boolean => /^(?:https:\/\/|data:image\/)/i.test(address);

/** The page's policy lets no other host be asked for a picture: whoever named one would learn who looks, and when. */
export const isShownHere = (picture: string, origin: string): boolean =>
  /^data:/i.test(picture) || picture.startsWith(`${origin}/`);

/** One sign for an agent: its emoji, else its first letter. A picture's address is not shown as text. */
export function signOf(agent: Agent, identity?: Identity): string {
  const signs = [agent.identity?.emoji, identity?.emoji, agent.identity?.avatar, identity?.avatar];
  const short = signs.find((sign) => sign != null && isSign(sign));
  return short ?? lettersOf(nameOf(agent, identity))[0]?.toUpperCase() ?? "?";
}

/** One drawn sign; the gateway's letter for a nameless agent is none. */
const isSign = (text: string): boolean => lettersOf(text).length === 1 && !/^[\p{L}\p{N}]$/u.test(text);

/** As people count letters: an emoji of several code points is one. */
const lettersOf = (text: string): readonly string[] =>
  Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);

/** "provider/id", as a model is set. */
export const modelsOf = (models: ModelsList | undefined): readonly { name: string; available: boolean }[] =>
  (models?.models ?? []).map(({ id, provider, available }) => ({
    name: provider ? `${provider}/${id}` : id,
    available: available ?? true,
  }));

/** The session that messages without a session go to. */
export const mainSessionOf = (agentId: string, mainKey = "main"): string => `agent:${agentId}:${mainKey}`;
