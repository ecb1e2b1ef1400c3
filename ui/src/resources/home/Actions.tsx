import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";

import type { HomeAction } from "@/api/types";
import { Card, CardTitle } from "@/components/ui/bits";
import { useT } from "@/i18n";
import { useHotkeys } from "@/layout/hotkeys";
import { ActionLine } from "./ActionLine";
import { useTaskActions, type TaskDeed } from "./useTaskActions";

/** So many keys have a number. */
const N_KEYS = 9;

/** "Do these now": ranked, each with its reason, a number key that opens it and keys that settle it. */
export function Actions({ actions }: { actions: HomeAction[] }) {
  const t = useT();
  const navigate = useNavigate();
  const list = useRef<HTMLOListElement>(null);
  const { settled, act } = useTaskActions();
  const shown = actions.filter(({ id }) => !settled.has(id));

  const lines = () => [...(list.current?.querySelectorAll<HTMLElement>("[data-action]") ?? [])];
  const focused = () => lines().findIndex((line) => line === document.activeElement);
  const go = (step: 1 | -1) => {
    const all = lines();
    all[Math.min(all.length - 1, Math.max(0, focused() + step))]?.focus();
  };
  const onFocused = (deed: TaskDeed) => {
    const action = shown[focused()];
    if (action) void act(action, deed);
  };
  useHotkeys({
    ...Object.fromEntries(
      shown.slice(0, N_KEYS).map(({ href }, i) => [String(i + 1), () => navigate({ href })]),
    ),
    j: () => go(1),
    k: () => go(-1),
    d: () => onFocused("done"),
    s: () => onFocused("snooze"),
    t: () => onFocused("task"),
  });

  return (
    <Card>
      <CardTitle>{t("home.doNow")}</CardTitle>
      {shown.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{t("home.nothingToDo")}</p>
      ) : (
        <ol ref={list} className="pt-1 pb-2">
          {shown.map((action, i) => (
            <ActionLine
              key={action.id}
              action={action}
              number={i < N_KEYS ? i + 1 : null}
              onDeed={(deed) => void act(action, deed)}
            />
          ))}
        </ol>
      )}
    </Card>
  );
}
