import { useGatewayRpc } from "@vestibule/react";
import { QrCode, SearchX } from "lucide-react";
import { useState } from "react";
import { GatedButton, Resource, useCan } from "@/shell";
import { Button, Card, Empty, SearchInput } from "@/ui";
import { LoginDialog } from "./login-dialog";
import { LOG_IN, LOOK_UP, SET_UP } from "./needs";
import { type Offer, offersOf } from "./set-up";
import { SetUpDialog } from "./set-up-dialog";
import type { Lookup } from "./wire";

/** WhatsApp is linked by a code without anything in the config before. */
const BY_CODE = "whatsapp";

/** What could be connected: the channels this gateway's version knows. */
export function Offers({ existing }: { existing: readonly string[] }) {
  const { allowed } = useCan(LOOK_UP);
  const lookup = useGatewayRpc<Lookup>(allowed ? "config.schema.lookup" : null, { path: "channels" });
  const [query, setQuery] = useState("");
  // An answer without channels: this gateway's schema does not name them.
  if (!allowed || lookup.data?.children.length === 0) return null;
  return (
    <Card
      title="Add a channel"
      actions={<SearchInput label="Filter channels" value={query} onChange={setQuery} className="w-56" />}
      flush
    >
      <div className="max-h-96 overflow-y-auto">
        <Resource of={lookup} what="channels">
          {(data) => <List offers={matching(offersOf(data, existing), query)} />}
        </Resource>
      </div>
    </Card>
  );
}

function matching(offers: readonly Offer[], query: string): readonly Offer[] {
  const words = query.trim().toLowerCase();
  return offers.filter(({ id, label, help = "" }) => `${id} ${label} ${help}`.toLowerCase().includes(words));
}

function List({ offers }: { offers: readonly Offer[] }) {
  const canLogIn = useCan(LOG_IN).allowed;
  const [open, setOpen] = useState<{ offer: Offer; how: "token" | "code" } | null>(null);
  const close = () => setOpen(null);
  if (offers.length === 0) return <Empty icon={<SearchX />} title="No other channel" className="py-8" />;
  return (
    <>
      <ul className="divide-y">
        {offers.map((offer) => (
          <li key={offer.id} className="flex items-center gap-3 px-4 py-2.5 text-[0.8125rem]">
            <div className="min-w-0 grow">
              <div className="font-medium">{offer.label}</div>
              {offer.help && <p className="text-xs text-muted-foreground">{offer.help}</p>}
            </div>
            {offer.id === BY_CODE && canLogIn && (
              <Button size="sm" onClick={() => setOpen({ offer, how: "code" })}>
                <QrCode />
                Link device
              </Button>
            )}
            <GatedButton
              needs={SET_UP}
              size="sm"
              aria-label={`Set up ${offer.label}`}
              onClick={() => setOpen({ offer, how: "token" })}
            >
              Set up…
            </GatedButton>
          </li>
        ))}
      </ul>
      {open?.how === "token" && <SetUpDialog channel={open.offer.id} label={open.offer.label} onClose={close} />}
      {open?.how === "code" && (
        <LoginDialog label={open.offer.label} accountId={undefined} force={false} onClose={close} />
      )}
    </>
  );
}
