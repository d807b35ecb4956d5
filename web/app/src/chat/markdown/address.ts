/** Which addresses an answer may lead to. What a model writes is not trusted. */

const LINKS = new Set(["http:", "https:", "mailto:"]);

/** The address as it may stand in a link; null: show the words alone. */
export function safeLink(address: string): string | null {
  try {
    const url = new URL(address);
    return LINKS.has(url.protocol) ? url.href : null;
  } catch {
    return null; // relative ones lead into the app, where nothing of the model's is
  }
}

/** An image that may be shown without asking anybody else for it. */
export const isInlineImage = (address: string): boolean => /^data:image\/(png|jpe?g|gif|webp);base64,/i.test(address);
