import { Label as Primitive } from "radix-ui";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./cn";

export function Label({ className, ...rest }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root className={cn("text-[0.8125rem] font-medium leading-none select-none", className)} {...rest} />
  );
}

export type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with the value; replaces the hint. */
  error?: ReactNode;
  className?: string;
  children: (control: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean | undefined;
  }) => ReactNode;
};

/** A labelled control: `<Field label="Name">{(control) => <Input {...control} />}</Field>`. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  const described = note == null ? undefined : `${id}-note`;
  return (
    <div className={cn("grid gap-1.5", className)}>
      <Label htmlFor={id}>{label}</Label>
      {children({ id, "aria-describedby": described, "aria-invalid": error == null ? undefined : true })}
      {described && (
        <p id={described} className={cn("text-xs", error == null ? "text-muted-foreground" : "text-danger")}>
          {note}
        </p>
      )}
    </div>
  );
}
