import "@testing-library/jest-dom/vitest";

import { configure } from "@testing-library/react";
import { vi } from "vitest";

// The document has no layout in tests: a list is given the height of a window, and sizes never change.
for (const [name, value] of [
  ["offsetHeight", 600],
  ["offsetWidth", 1200],
  ["clientHeight", 600],
  ["clientWidth", 1200],
] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value });
}
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

// A failing query names what it looked for; the whole document would bury it.
configure({
  getElementError: (message) => new Error(message ?? "no such element"),
  asyncUtilTimeout: 12_000,
});

// There is no canvas to draw on; charts are looked at in the browser stories.
vi.mock("@/components/charts/echarts", () => ({
  init: () => ({ setOption() {}, resize() {}, dispose() {}, on() {}, off() {} }),
}));
