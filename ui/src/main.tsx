import "./index.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import type { DataProvider } from "@/api/dataProvider";
import { httpProvider } from "@/api/httpProvider";
import { startI18n } from "@/i18n";
import { startTheme } from "@/layout/theme";
import { App } from "./App";

/** The constant is known when building, so the make-believe company is not in a production bundle. */
async function chooseProvider(): Promise<DataProvider> {
  if (import.meta.env.DEV && import.meta.env.VITE_PROVIDER === "memory") {
    const { memoryProvider } = await import("@/api/memory");
    const deals = Number(import.meta.env.VITE_DEALS ?? 240);
    return memoryProvider({ customers: 3825, deals, duplicates: 40, latency: 60 });
  }
  return httpProvider();
}

async function start() {
  startTheme();
  const [data] = await Promise.all([chooseProvider(), startI18n()]);
  const root = document.getElementById("root");
  if (root === null) throw new Error("index.html has no element with the id root");
  createRoot(root).render(
    <StrictMode>
      <App data={data} />
    </StrictMode>,
  );
}

void start();
