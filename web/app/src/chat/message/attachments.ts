/** What was attached, in whatever shape it comes back: ours as it was sent, the gateway's as its history tells it. */
import type { Attachment, UserItem } from "@vestibule/react";

export type Shown = { readonly name: string; readonly image: string | null };

const IMAGE = /^image\/(png|jpe?g|gif|webp)$/i;

/** What a message carries: as it was sent, else as the gateway's history names it. */
export function attachmentsOf({ attachments, row }: UserItem): readonly Attachment[] {
  const origin = row?.["__openclaw"];
  const media = isRecord(origin) ? origin["media"] : null;
  return attachments.length > 0 || !Array.isArray(media) ? attachments : media.filter(isRecord);
}

export function showAttachment(attachment: Attachment): Shown {
  const source = isRecord(attachment["source"]) ? attachment["source"] : {};
  const mime = text(attachment, "mimeType") ?? text(attachment, "contentType") ?? text(source, "media_type") ?? "";
  const data = text(attachment, "content") ?? text(attachment, "data") ?? text(source, "data");
  const name =
    text(attachment, "fileName") ?? text(attachment, "name") ?? (mime.startsWith("image/") ? "Image" : "File");
  const whole = data?.startsWith("data:image/") === true ? data : null;
  return { name, image: whole ?? (data !== null && IMAGE.test(mime) ? `data:${mime};base64,${data}` : null) };
}

function text(value: Readonly<Record<string, unknown>>, field: string): string | null {
  const found = value[field];
  return typeof found === "string" && found !== "" ? found : null;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
