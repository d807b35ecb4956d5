import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, type ButtonProps } from "./button";

/** Copies `text`; says so for a moment. With children it is a button with words, without it an icon. */
export function CopyButton({
  text,
  label = "Copy",
  children,
  ...rest
}: Omit<ButtonProps, "onClick"> & { text: string | (() => string); label?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    void navigator.clipboard.writeText(typeof text === "function" ? text() : text).then(() => setCopied(true));
  };
  return (
    <Button
      variant="ghost"
      size={children == null ? "icon-sm" : "sm"}
      aria-label={copied ? "Copied" : label}
      {...rest}
      // Last: a tooltip around it hands down a handler of its own.
      onClick={copy}
    >
      {copied ? <Check className="text-success" /> : <Copy />}
      {children}
    </Button>
  );
}
