/** A file as the gateway's `chat.send` takes it. */
import { type Attachment, randomUUID } from "@vestibule/react";

export type Attached = {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  /** To look at; of pictures alone. */
  readonly preview: string | null;
  readonly payload: Attachment;
};

export async function attach(file: File): Promise<Attached> {
  const address = await readAsDataUrl(file);
  const type = file.type || "application/octet-stream";
  const image = type.startsWith("image/");
  return {
    id: randomUUID(),
    name: file.name,
    size: file.size,
    type,
    preview: image ? address : null,
    payload: {
      type: image ? "image" : "file",
      mimeType: type,
      fileName: file.name,
      content: address.slice(address.indexOf(",") + 1),
    },
  };
}

function readAsDataUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => (typeof reader.result === "string" ? resolve(reader.result) : reject(new Error("no text")));
    reader.onerror = () => reject(reader.error ?? new Error(`${file.name} cannot be read.`));
    reader.readAsDataURL(file);
  });
}
