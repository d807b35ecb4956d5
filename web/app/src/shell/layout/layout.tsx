import { useConnection } from "@vestibule/react";
import { createElement, type MouseEvent, Suspense } from "react";
import { panels } from "@/panels";
import { Loading } from "@/ui";
import { Notices } from "@/ui/notices";
import { ConnectionBanner } from "../gateway/banner";
import { ContainerGate } from "../gateway/container-gate";
import { Overlays } from "../palette/overlays";
import { Boundary } from "../panel/boundary";
import { PanelPage } from "../panel/panel-page";
import { viewOf } from "../panel/view";
import { type Route, useRoute } from "../route";
import { Sidebar } from "./sidebar";
import { TopBar } from "./top-bar";

const loadChat = () => import("@/chat");

/** The frame around every page. */
export function Layout({ token }: { token: string }) {
  return (
    <div className="flex h-full">
      <a
        href="#main"
        onClick={skip}
        className="fixed top-2 left-2 z-60 -translate-y-20 rounded-md bg-primary px-3 py-2 text-sm text-primary-foreground focus:translate-y-0"
      >
        Skip to the page
      </a>
      <aside aria-label="Navigation" className="w-58 shrink-0 border-r bg-sidebar max-md:hidden">
        <Sidebar />
      </aside>
      <div className="flex min-w-0 grow flex-col">
        <TopBar token={token} />
        <ConnectionBanner />
        <main id="main" tabIndex={-1} className="min-h-0 grow outline-none">
          <Page />
        </main>
      </div>
      <Overlays />
      <Notices />
    </div>
  );
}

function Page() {
  const route = useRoute();
  const { isOpen } = useConnection();
  return (
    <ContainerGate title={titleOf(route)}>
      {route.at === "panel" ? (
        <PanelPage id={route.id} />
      ) : (
        <Boundary what="The chat" connected={isOpen}>
          <Suspense fallback={<Loading what="the chat" className="mx-auto max-w-3xl p-6" />}>
            {createElement(viewOf(loadChat))}
          </Suspense>
        </Boundary>
      )}
    </ContainerGate>
  );
}

const titleOf = (route: Route): string =>
  route.at === "chat" ? "Chat" : (panels.find((panel) => panel.id === route.id)?.title ?? "Vestibule");

/** The fragment is the route's: move the focus without touching the address. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
