import { useSyncExternalStore } from "react";

import type { Theme } from "@/api/types";

const STORAGE_KEY = "rapport.theme";
const listeners = new Set<() => void>();

export function chosenTheme(): Theme {
  const stored = localStorage.getItem(STORAGE_KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Whether dark colours show now. */
export function isDark(): boolean {
  return document.documentElement.classList.contains("dark");
}

function apply() {
  const theme = chosenTheme();
  const system = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.classList.toggle("dark", theme === "dark" || (theme === "system" && system));
  listeners.forEach((listener) => listener());
}

/** Follows the system while nothing else is chosen. */
export function startTheme() {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
  apply();
}

export function chooseTheme(theme: Theme) {
  if (theme === "system") localStorage.removeItem(STORAGE_KEY);
  else localStorage.setItem(STORAGE_KEY, theme);
  apply();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, chosenTheme);
export const useIsDark = (): boolean => useSyncExternalStore(subscribe, isDark);
