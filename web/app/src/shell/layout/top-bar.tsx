import { Menu } from "lucide-react";
import { useState } from "react";
import { Button, Sheet, SheetContent, SheetTrigger } from "@/ui";
import { ConnectionIndicator } from "../gateway/connection";
import { NoticeCentre } from "../notices";
import { AccountMenu } from "./account-menu";
import { Sidebar } from "./sidebar";
import { Place } from "./slot";

/** One row: where one is (the page says it), how the connection is, who one is. */
export function TopBar({ token }: { token: string }) {
  return (
    <header className="flex h-13 shrink-0 items-center gap-1 border-b pr-2 pl-1.5 md:pr-4 md:pl-6">
      <PhoneNavigation />
      <Place where="topBar" className="flex min-w-0 grow items-center gap-2.5" />
      <div className="flex shrink-0 items-center gap-0.5">
        <ConnectionIndicator token={token} />
        <NoticeCentre />
        <AccountMenu />
      </div>
    </header>
  );
}

function PhoneNavigation() {
  const [open, setOpen] = useState(false);
  return (
    <Sheet open={open} onOpenChange={setOpen}>
      <SheetTrigger asChild>
        <Button variant="ghost" size="icon" aria-label="Pages" className="md:hidden">
          <Menu className="size-5" />
        </Button>
      </SheetTrigger>
      <SheetContent side="left" title="Pages" bare className="bg-sidebar">
        <Sidebar onNavigate={() => setOpen(false)} />
      </SheetContent>
    </Sheet>
  );
}
