import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { keyName, setShortcuts, useHotkeys } from "./hotkeys";

const go = vi.fn();
const open = vi.fn();

function Listener() {
  useHotkeys({ "g c": go, "mod+k": open, j: open });
  return <input aria-label="field" />;
}

beforeEach(() => {
  localStorage.clear();
  go.mockClear();
  open.mockClear();
});
afterEach(cleanup);

const press = (...keys: string[]) => keys.forEach((key) => fireEvent.keyDown(document.body, { key }));

it("two keys in a row make one shortcut", () => {
  render(<Listener />);

  press("g", "c");

  expect(go).toHaveBeenCalledOnce();
});

it("keys that are typed into a field are no shortcuts, but Ctrl+K still is", () => {
  const { getByLabelText } = render(<Listener />);

  fireEvent.keyDown(getByLabelText("field"), { key: "j" });
  expect(open).not.toHaveBeenCalled();

  fireEvent.keyDown(getByLabelText("field"), { key: "k", ctrlKey: true });
  expect(open).toHaveBeenCalledOnce();
});

it("single keys can be switched off", () => {
  render(<Listener />);
  setShortcuts(false);

  press("j");

  expect(open).not.toHaveBeenCalled();
});

it("nobody listens after the component is gone", () => {
  render(<Listener />).unmount();

  press("j");

  expect(open).not.toHaveBeenCalled();
});

it("names keys alike on all keyboards", () => {
  expect(keyName({ key: "K", ctrlKey: false, metaKey: true, shiftKey: false })).toBe("mod+k");
  expect(keyName({ key: "Escape", ctrlKey: false, metaKey: false, shiftKey: false })).toBe("Escape");
  expect(keyName({ key: "Z", ctrlKey: true, metaKey: false, shiftKey: true })).toBe("mod+shift+z");
});
