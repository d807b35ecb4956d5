import { Check, ChevronDown } from "lucide-react";
import { Select as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";
import { fieldStyle } from "./input";

export type SelectOption<V extends string = string> = {
  value: V;
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
};

export type SelectProps<V extends string> = {
  value: V | undefined;
  onChange: (value: V) => void;
  options: readonly SelectOption<V>[];
  placeholder?: string;
  disabled?: boolean;
  className?: string;
  id?: string;
} & Pick<ComponentProps<"button">, "aria-label" | "aria-describedby" | "aria-invalid">;

/** One of a few. For many, use `Command` in a `Popover`. */
export function Select<V extends string>({
  value,
  onChange,
  options,
  placeholder,
  disabled,
  className,
  ...rest
}: SelectProps<V>) {
  const chosen = (text: string) => {
    const option = options.find((one) => one.value === text);
    if (option) onChange(option.value);
  };
  return (
    <Primitive.Root value={value ?? ""} onValueChange={chosen} {...(disabled === undefined ? {} : { disabled })}>
      <Primitive.Trigger
        className={cn(
          fieldStyle,
          // A button counts as read-only; it is not.
          "inline-flex h-8 items-center justify-between gap-2 text-left read-only:bg-card hover:bg-hover data-placeholder:text-muted-foreground max-md:h-11",
          className,
        )}
        {...rest}
      >
        <span className="truncate">
          <Primitive.Value placeholder={placeholder} />
        </span>
        <Primitive.Icon>
          <ChevronDown className="size-3.5 text-muted-foreground" aria-hidden />
        </Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) animate-in overflow-y-auto rounded-lg border bg-popover p-1 shadow-float"
        >
          <Primitive.Viewport>
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled ?? false}
                className="relative flex min-h-8 cursor-default items-center rounded-md py-1 pr-7 pl-2 text-[0.8125rem] outline-none select-none data-disabled:opacity-45 data-highlighted:bg-hover max-md:min-h-11"
              >
                <span>
                  <Primitive.ItemText>{option.label}</Primitive.ItemText>
                  {option.hint != null && <span className="block text-xs text-muted-foreground">{option.hint}</span>}
                </span>
                <Primitive.ItemIndicator className="absolute right-2">
                  <Check className="size-3.5" aria-hidden />
                </Primitive.ItemIndicator>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
