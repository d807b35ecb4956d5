import { useGatewayRpc } from "@vestibule/react";
import { Field, Input, Select } from "@/ui";
import { isPicture, modelsOf } from "./agents";
import type { ModelsList } from "./wire";

const STANDARD = "*";

/** A model of the agent's own, or null for the gateway's standard. */
export function ModelField({
  value,
  onChange,
  disabled = false,
}: {
  value: string | null;
  onChange: (model: string | null) => void;
  disabled?: boolean;
}) {
  const models = modelsOf(useGatewayRpc<ModelsList>("models.list").data);
  const unlisted = value !== null && !models.some(({ name }) => name === value);
  return (
    <Field label="Model">
      {({ id }) => (
        <Select
          id={id}
          disabled={disabled}
          value={value ?? STANDARD}
          onChange={(name) => onChange(name === STANDARD ? null : name)}
          options={[
            { value: STANDARD, label: "The gateway's standard" },
            ...models.map(({ name, available }) => ({ value: name, label: name, disabled: !available })),
            ...(unlisted ? [{ value, label: `${value} (not listed)` }] : []),
          ]}
        />
      )}
    </Field>
  );
}

/** The address of a picture; a file on the gateway's host is not one that a page could show. */
export function AvatarField({
  value,
  onChange,
  disabled = false,
}: {
  value: string;
  onChange: (avatar: string) => void;
  disabled?: boolean;
}) {
  return (
    <Field
      label="Picture"
      hint="A data: address of an image; of an https one this page shows the sign, for it asks no other host."
      error={isPictureOrNone(value) ? undefined : "This is no https or data: address."}
    >
      {(control) => (
        <Input
          {...control}
          value={value}
          disabled={disabled}
          spellCheck={false}
          placeholder="https://"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

export const isPictureOrNone = (text: string): boolean => text.trim() === "" || isPicture(text.trim());

export function EmojiField({
  value,
  onChange,
  disabled = false,
}: {
  value: string;
  onChange: (emoji: string) => void;
  disabled?: boolean;
}) {
  return (
    <Field label="Emoji" className="w-24">
      {(control) => (
        <Input
          {...control}
          value={value}
          maxLength={8}
          disabled={disabled}
          className="text-center"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
