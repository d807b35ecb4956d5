import { GatewayProvider } from "@vestibule/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Chat } from "./chat";

// `vestibule up` prints a link that ends in `#token=…`; open this page with the same end.
const token = new URLSearchParams(location.hash.slice(1)).get("token");
const url = import.meta.env.VITE_DOOR_URL ?? "ws://127.0.0.1:8765/ws";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    <GatewayProvider url={url} getToken={() => token}>
      <Chat agent="main" />
    </GatewayProvider>
  </StrictMode>,
);
