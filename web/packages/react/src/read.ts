/**
 * Fields of values the gateway sent: what is missing or of another type is null. Pure.
 */

import { isRecord } from "@vestibule/client";

/** A text that is not empty. */
export function text(value: unknown, field: string): string | null {
  const found = isRecord(value) ? value[field] : null;
  return typeof found === "string" && found !== "" ? found : null;
}

/** A finite number. */
export function number(value: unknown, field: string): number | null {
  const found = isRecord(value) ? value[field] : null;
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}

/** The items of a list; empty for what is none. */
export function list(value: unknown, field: string): readonly unknown[] {
  const found: unknown = isRecord(value) ? value[field] : null;
  return Array.isArray(found) ? found : [];
}

/** The texts of a list. */
export function strings(value: unknown, field: string): readonly string[] {
  return list(value, field).filter((item) => typeof item === "string");
}
