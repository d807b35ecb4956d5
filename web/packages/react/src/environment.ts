import type { PublicEnvironment } from "./address.js";

declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/** Next.js replaces these two expressions literally; elsewhere there may be no `process`. */
export function publicEnvironment(): PublicEnvironment {
  return {
    wsUrl: read(() => process.env.NEXT_PUBLIC_WS_URL),
    apiUrl: read(() => process.env.NEXT_PUBLIC_API_URL),
  };
}

function read(variable: () => string | undefined): string | undefined {
  try {
    return variable();
  } catch {
    return undefined;
  }
}
