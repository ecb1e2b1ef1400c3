import { Bot } from "lucide-react";

import type { ModelDetail, Transition } from "@/api/types";
import { Avatar, Card, CardTitle } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { useWords } from "./useWords";

/** Every change of a stage, the newest first: who, when, and why. */
export function History({ model }: { model: ModelDetail }) {
  const t = useT();
  return (
    <Card className="min-w-0">
      <CardTitle id="history">{t("models.history")}</CardTitle>
      {model.transitions.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{t("models.historyEmpty")}</p>
      ) : (
        <ol aria-labelledby="history" className="grid gap-3 px-4 pt-1 pb-4">
          {model.transitions.map((transition, i) => (
            <li key={model.transitions.length - i}>
              <Entry transition={transition} />
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function Entry({ transition }: { transition: Transition }) {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const { version, from, to, actor, reason, at } = transition;
  const name = actor?.name ?? t("models.byProgram");
  return (
    <div className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-2.5">
      {actor ? (
        <Avatar name={name} />
      ) : (
        <span
          className="grid size-5 place-items-center rounded-full bg-accent-soft text-accent-text"
          aria-hidden
        >
          <Bot className="size-3" />
        </span>
      )}
      <div className="min-w-0">
        <p className="font-medium">
          {from === null
            ? t("models.registered", { version })
            : t("models.moved", { version, from: t(`models.stage.${from}`), to: t(`models.stage.${to}`) })}
        </p>
        <p className="break-words text-ink-2">
          {actor ? reason : words("reason", reason.replaceAll(" ", "_"))}
        </p>
        <p className="text-xs text-ink-3">
          {name} · <time dateTime={at}>{formats.dateTime(at)}</time>
        </p>
      </div>
    </div>
  );
}
