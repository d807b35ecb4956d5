import type { ComponentProps } from "react";
import { GatedButton, type Needs, useCan } from "@/shell";
import { ConfirmButton } from "@/ui";

/** A button that asks first, or says why it cannot be used. */
export function GatedConfirm({ needs, ...confirm }: ComponentProps<typeof ConfirmButton> & { needs: Needs }) {
  const { allowed } = useCan(needs);
  if (allowed) return <ConfirmButton {...confirm} />;
  const { variant, size, className, children } = confirm;
  return (
    <GatedButton needs={needs} variant={variant} size={size} className={className}>
      {children}
    </GatedButton>
  );
}
