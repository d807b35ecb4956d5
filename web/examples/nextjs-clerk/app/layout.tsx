import { ClerkProvider } from "@clerk/nextjs";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Gateway } from "./gateway";

export const metadata: Metadata = { title: "Vestibule with Clerk" };

// Who is signed in is known per request only.
export const dynamic = "force-dynamic";

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <ClerkProvider>
      <html lang="en">
        <body>
          <Gateway>{children}</Gateway>
        </body>
      </html>
    </ClerkProvider>
  );
}
