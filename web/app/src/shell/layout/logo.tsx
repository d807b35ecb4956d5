/** The archway. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden>
      <rect width="32" height="32" rx="8" className="fill-brand" />
      <g fill="none" className="stroke-background" strokeWidth="2.6" strokeLinecap="round">
        <path d="M10 24V13a6 6 0 0 1 12 0v11M7.5 24h17" />
      </g>
      <circle cx="18.6" cy="17.6" r="1.5" className="fill-background" />
    </svg>
  );
}
