import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { startSession } from "./shell/session/session";
import { reloadOnUpdate } from "./shell/update";
import "./styles.css";

startSession();
reloadOnUpdate();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
