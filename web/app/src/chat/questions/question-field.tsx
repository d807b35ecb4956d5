import type { QuestionField as Field, QuestionOption } from "@vestibule/react";
import { ExternalLink } from "lucide-react";
import { useId } from "react";
import { Input } from "@/ui";
import { safeLink } from "../markdown/address";
import { type Draft, toggled, written } from "./draft";

type QuestionFieldProps = { field: Field; draft: Draft; onChange: (draft: Draft) => void };

/** One thing asked, and how it may be answered. */
export function QuestionField({ field, draft, onChange }: QuestionFieldProps) {
  const name = useId();
  const { options = [], multiSelect: multiple = false } = field;
  const address = field.url === undefined ? null : safeLink(field.url);
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-2 wrap-anywhere">{field.question}</legend>
      {address !== null && (
        <a
          href={address}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 justify-self-start text-xs wrap-anywhere underline underline-offset-4"
        >
          {address}
          <ExternalLink className="size-3" aria-hidden />
        </a>
      )}
      {options.map((option) => (
        <Option
          key={option.label}
          name={name}
          option={option}
          multiple={multiple}
          checked={draft.chosen.includes(option.label)}
          onChoose={() => onChange(toggled(draft, option.label, multiple))}
        />
      ))}
      {(field.isOther === true || options.length === 0) && (
        <Input
          type={field.isSecret ? "password" : "text"}
          autoComplete="off"
          aria-label={options.length === 0 ? field.question : `Another answer: ${field.question}`}
          placeholder={options.length === 0 ? "" : "Another answer"}
          value={draft.text}
          onChange={(event) => onChange(written(draft, event.target.value, multiple))}
        />
      )}
    </fieldset>
  );
}

type OptionProps = {
  name: string;
  option: QuestionOption;
  multiple: boolean;
  checked: boolean;
  onChoose: () => void;
};

function Option({ name, option, multiple, checked, onChoose }: OptionProps) {
  return (
    <label className="flex cursor-pointer items-start gap-2.5 rounded-lg border px-3 py-2 hover:bg-muted has-checked:border-brand">
      <input
        type={multiple ? "checkbox" : "radio"}
        name={name}
        checked={checked}
        onChange={onChoose}
        className="mt-0.5 size-4 shrink-0 accent-[var(--brand)]"
      />
      <span className="grid min-w-0 gap-0.5 wrap-anywhere">
        {option.label}
        {option.description !== undefined && (
          <span className="text-xs text-muted-foreground">{option.description}</span>
        )}
      </span>
    </label>
  );
}
