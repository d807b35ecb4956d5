import { Toaster } from "sonner";

/** Where the passing notices appear. Make them with `notify` of `@/shell`. */
export function Notices() {
  return (
    <Toaster
      position="bottom-right"
      offset={16}
      gap={8}
      closeButton
      style={{ fontFamily: "inherit" }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: "flex w-full items-start gap-3 rounded-lg border bg-popover px-3.5 py-3 text-[0.8125rem] shadow-float",
          title: "font-medium",
          description: "mt-0.5 text-muted-foreground wrap-anywhere",
          icon: "mt-0.5 shrink-0 [&_svg]:size-4",
          error: "[&_[data-icon]]:text-danger",
          success: "[&_[data-icon]]:text-success",
          warning: "[&_[data-icon]]:text-warning",
          closeButton: "order-last ml-auto shrink-0 rounded-sm p-1 text-muted-foreground hover:text-foreground",
          actionButton: "rounded-md border px-2 py-1 text-xs font-medium hover:bg-hover",
        },
      }}
    />
  );
}
