import { createMemoryHistory } from "@tanstack/react-router";
import { cleanup, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { toast } from "sonner";
import { afterEach, beforeEach, expect } from "vitest";

import type { Language } from "@/api/types";
import { memoryProvider, type MemoryOptions } from "@/api/memory";
import { App } from "@/App";
import { loadTexts, startI18n } from "@/i18n";

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  // Notices live outside the app and would stand in the next test, too.
  toast.dismiss();
});

interface Options extends MemoryOptions {
  language?: Language;
}

/** The whole app at an address, on a small make-believe company. */
export async function renderApp(path: string, { language = "en", ...options }: Options = {}) {
  await startI18n(language);
  await loadTexts("problem");
  const data = memoryProvider({ customers: 30, ...options });
  const history = createMemoryHistory({ initialEntries: [path] });
  const view = render(<App data={data} history={history} />);
  return { ...view, data, history, user: userEvent.setup() };
}

/** Fails on any breach of WCAG 2.2 A or AA that can be seen without layout. */
export async function expectAccessible(element: Element) {
  const { violations } = await axe.run(element, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    // Colors need a real browser; the browser stories check them.
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}
