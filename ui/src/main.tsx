import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/components.css";
import "./styles/shell.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { session } from "./api/session";
import { App } from "./app/App";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
void session.begin().then(() =>
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
