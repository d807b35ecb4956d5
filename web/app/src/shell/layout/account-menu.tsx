import { usePrincipal } from "@vestibule/react";
import { CircleHelp, LogOut, Monitor, Moon, Sun } from "lucide-react";
import {
  Button,
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
  Kbd,
} from "@/ui";
import { openHelp } from "../palette/open";
import { signOut } from "../session/session";
import { setTheme, THEMES, type Theme, useTheme } from "../theme";

const LOOK: Readonly<Record<Theme, { label: string; icon: typeof Sun }>> = {
  system: { label: "As the system", icon: Monitor },
  light: { label: "Light", icon: Sun },
  dark: { label: "Dark", icon: Moon },
};

/** Who is signed in, and what belongs to this person: theme, keys, leaving. */
export function AccountMenu() {
  const principal = usePrincipal();
  const theme = useTheme();
  const name = principal?.member ?? "";
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label={name ? `Account: ${name}` : "Account"} className="rounded-full">
          <span
            aria-hidden
            className="grid size-6.5 place-content-center rounded-full bg-brand-soft text-xs font-semibold text-brand"
          >
            {(name[0] ?? "·").toUpperCase()}
          </span>
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent className="w-56">
        {principal && (
          <>
            <DropdownMenuLabel className="grid gap-0.5">
              <span className="truncate text-[0.8125rem] font-medium text-foreground">{principal.member}</span>
              <span className="truncate">
                {[principal.role, principal.owner && principal.owner !== principal.member && `of ${principal.owner}`]
                  .filter(Boolean)
                  .join(" ")}
              </span>
            </DropdownMenuLabel>
            <DropdownMenuSeparator />
          </>
        )}
        <DropdownMenuLabel>Theme</DropdownMenuLabel>
        <DropdownMenuRadioGroup
          value={theme}
          onValueChange={(value) => THEMES.filter((one) => one === value).forEach(setTheme)}
        >
          {THEMES.map((one) => {
            const { label, icon: Icon } = LOOK[one];
            return (
              <DropdownMenuRadioItem key={one} value={one}>
                <Icon aria-hidden />
                {label}
              </DropdownMenuRadioItem>
            );
          })}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={openHelp}>
          <CircleHelp aria-hidden />
          <span className="grow">Keyboard shortcuts</span>
          <Kbd keys="?" />
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => signOut()}>
          <LogOut aria-hidden />
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
