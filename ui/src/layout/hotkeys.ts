import { useEffect, useRef } from "react";

/** Keys that follow each other within this time make one shortcut, in milliseconds. */
const SEQUENCE_MS = 900;
const STORAGE_KEY = "rapport.shortcuts";

/** Single-key shortcuts can be switched off, for speech input types letters (WCAG 2.1.4). */
export function areShortcutsOn(): boolean {
  return localStorage.getItem(STORAGE_KEY) !== "off";
}

export function setShortcuts(isOn: boolean) {
  localStorage.setItem(STORAGE_KEY, isOn ? "on" : "off");
}

type Handlers = Record<string, () => unknown>;

/** Components that listen; the one that came last is asked first. */
const listeners: { current: Handlers }[] = [];
let sequence = "";
let pressedAt = -Infinity;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function isInOverlay(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("[role=dialog],[role=menu]") !== null;
}

/** The name of a pressed key: `mod+k`, `?`, `j`, `Escape`. Shift counts only where `mod` is held, too. */
export function keyName(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey">): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!event.ctrlKey && !event.metaKey) return key;
  return event.shiftKey ? `mod+shift+${key}` : `mod+${key}`;
}

function find(name: string): (() => unknown) | undefined {
  return listeners.toReversed().find(({ current }) => current[name])?.current[name];
}

function onKeyDown(event: KeyboardEvent) {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const name = keyName(event);
  const isPlain = !name.startsWith("mod+");
  if (isPlain && (isTyping(event.target) || isInOverlay(event.target))) return;
  // In a field, undoing is about its letters.
  if (name === "mod+z" && isTyping(event.target)) return;
  if (isPlain && name.length === 1 && !areShortcutsOn()) return;

  const isFollowing = event.timeStamp - pressedAt < SEQUENCE_MS;
  const handler = (isFollowing && sequence ? find(`${sequence} ${name}`) : undefined) ?? find(name);
  sequence = name;
  pressedAt = event.timeStamp;
  if (handler) {
    event.preventDefault();
    sequence = "";
    handler();
  }
}

/** Listens to shortcuts while the component is there: `"g c"`, `"mod+k"`, `"j"`. */
export function useHotkeys(handlers: Handlers) {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    if (listeners.length === 0) window.addEventListener("keydown", onKeyDown);
    listeners.push(latest);
    return () => {
      listeners.splice(listeners.indexOf(latest), 1);
      if (listeners.length === 0) window.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}
