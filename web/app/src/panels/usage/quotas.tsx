import { useGatewayRpc } from "@vestibule/react";
import { useCan } from "@/shell";
import { Badge, Card, formatPercent, Progress, RelativeTime } from "@/ui";
import type { ProviderUsage } from "./wire";

/** What the providers still give, where they tell. */
export function Quotas() {
  const { allowed } = useCan({ methods: ["usage.status"] });
  const status = useGatewayRpc<ProviderUsage>(allowed ? "usage.status" : null);
  const providers = status.data?.providers ?? [];
  if (providers.length === 0) return null;
  return (
    <Card title="Provider quotas">
      <ul className="grid gap-5 sm:grid-cols-2">
        {providers.map(({ provider, displayName, plan, error, windows = [] }) => (
          <li key={provider} className="grid content-start gap-2.5 text-[0.8125rem]">
            <div className="flex items-center gap-2 font-medium">
              {displayName ?? provider}
              {plan && <Badge tone="outline">{plan}</Badge>}
            </div>
            {error && <p className="text-danger wrap-anywhere">{error}</p>}
            {windows.map(({ label, usedPercent, resetAt }) => (
              <div key={label} className="grid gap-1">
                <div className="flex gap-2 text-xs text-muted-foreground tabular-nums">
                  <span className="grow">
                    {label}: {formatPercent(usedPercent / 100)} used
                  </span>
                  {resetAt !== undefined && (
                    <span>
                      renews <RelativeTime atMs={resetAt} />
                    </span>
                  )}
                </div>
                <Progress
                  label={`${displayName ?? provider}, ${label}`}
                  value={usedPercent / 100}
                  tone={usedPercent >= 90 ? "bg-danger" : usedPercent >= 75 ? "bg-warning" : "bg-success"}
                />
              </div>
            ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}
