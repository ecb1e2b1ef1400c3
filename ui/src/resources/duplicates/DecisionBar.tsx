import type { ReactNode, RefObject } from "react";

import { Button, type ButtonProps } from "@/components/ui/Button";
import { Input } from "@/components/ui/fields";
import { Kbd } from "@/components/ui/bits";
import { useT } from "@/i18n";

interface DecisionBarProps {
  reason: string;
  onReason: (reason: string) => void;
  reasonField: RefObject<HTMLInputElement | null>;
  onSame: (() => void) | undefined;
  onDifferent: (() => void) | undefined;
  onSkip: () => void;
  onUndo: (() => void) | undefined;
}

/** The answers, each with its key, and a line for the reason. */
export function DecisionBar(props: DecisionBarProps) {
  const t = useT();
  return (
    <div
      // Toasts make room for it, see index.css.
      data-answers
      className="flex flex-wrap items-center gap-2 border-t bg-sunken px-4 py-2.5 phone:px-3"
    >
      <Input
        ref={props.reasonField}
        aria-label={t("duplicates.reason")}
        aria-keyshortcuts="r"
        placeholder={t("duplicates.reason")}
        maxLength={500}
        className="min-w-40 flex-1 phone:basis-full"
        value={props.reason}
        onChange={(event) => props.onReason(event.target.value)}
        // Back to where the keys decide.
        onKeyDown={(event) => {
          const isDone = event.key === "Enter" || event.key === "Escape";
          if (isDone && !event.nativeEvent.isComposing) event.currentTarget.blur();
        }}
      />
      <Answer letter="u" variant="ghost" disabled={!props.onUndo} onClick={props.onUndo}>
        {t("duplicates.undo")}
      </Answer>
      <Answer letter="s" onClick={props.onSkip}>
        {t("duplicates.skip")}
      </Answer>
      <Answer letter="n" disabled={!props.onDifferent} onClick={props.onDifferent}>
        {t("duplicates.different")}
      </Answer>
      <Answer letter="y" variant="primary" disabled={!props.onSame} onClick={props.onSame}>
        {t("duplicates.same")}
      </Answer>
    </div>
  );
}

function Answer({ letter, children, ...rest }: ButtonProps & { letter: string; children: ReactNode }) {
  return (
    <Button aria-keyshortcuts={letter} className="h-8 phone:flex-1 phone:justify-center" {...rest}>
      {children}
      <span aria-hidden className="phone:hidden">
        <Kbd>{letter}</Kbd>
      </span>
    </Button>
  );
}
