import { useEffect } from "react";

export interface PageShortcuts {
  title: string;
  /** Keys, with blanks between them, and what they do. */
  rows: string[][];
}

/** The shortcuts of the page that shows, for the help. */
let shown: PageShortcuts | null = null;

export const pageShortcuts = (): PageShortcuts | null => shown;

/** Tells the shortcut help of keys that only this page knows. */
export function usePageShortcuts(shortcuts: PageShortcuts) {
  useEffect(() => {
    shown = shortcuts;
    return () => {
      if (shown === shortcuts) shown = null;
    };
  });
}
