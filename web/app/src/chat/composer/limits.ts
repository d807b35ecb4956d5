/** What may be attached: the gateway's own limits, checked before anything is sent. Pure. */
import { formatBytes } from "@/ui";

export type Limits = {
  /** Of a message in all; null: the gateway does not say. */
  readonly maxBytes: number | null;
  readonly maxImageBytes: number | null;
};

export type Candidate = { readonly name: string; readonly size: number; readonly type: string };

/** The limits in a gateway's policy. */
export function limitsOf(policy: Readonly<Record<string, unknown>> | null | undefined): Limits {
  const attachments = policy?.["attachments"];
  const fields = typeof attachments === "object" && attachments !== null ? attachments : {};
  return { maxBytes: numberIn(fields, "maxBytes"), maxImageBytes: numberIn(fields, "maxImageBytes") };
}

/** Why a file may not be attached to what is attached already; null: it may. */
export function refusal(
  file: Candidate,
  attached: readonly Candidate[],
  { maxBytes, maxImageBytes }: Limits,
): string | null {
  if (file.size === 0) return `${file.name} is empty.`;
  if (maxImageBytes !== null && file.type.startsWith("image/") && file.size > maxImageBytes) {
    return `${file.name} has ${formatBytes(file.size)}; this gateway takes pictures of up to ${formatBytes(maxImageBytes)}.`;
  }
  const total = attached.reduce((sum, { size }) => sum + size, file.size);
  if (maxBytes !== null && total > maxBytes) {
    const what = attached.length === 0 ? `${file.name} has` : `With ${file.name} these are`;
    return `${what} ${formatBytes(total)}; this gateway takes ${formatBytes(maxBytes)} in a message.`;
  }
  if (attached.some(({ name, size }) => name === file.name && size === file.size))
    return `${file.name} is attached already.`;
  return null;
}

function numberIn(fields: object, name: string): number | null {
  const value: unknown = Reflect.get(fields, name);
  return typeof value === "number" && value > 0 ? value : null;
}
