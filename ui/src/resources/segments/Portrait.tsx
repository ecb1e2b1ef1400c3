import { Link } from "@tanstack/react-router";

import type { Segment } from "@/api/types";
import { Card, Dot } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { TraitBars } from "./TraitBars";

/** What sets a segment apart, in a card. */
export function Portrait({
  segment,
  isChosen,
  onChoose,
}: {
  segment: Segment;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const t = useT();
  const formats = useFormats();
  const name = formats.text(segment.name);
  const figures = [
    [t("segments.customers"), formats.number(segment.size), formats.percent(segment.share)],
    [t("segments.value"), formats.money(segment.value, "compact"), formats.percent(segment.value_share)],
  ];
  return (
    <Card className={cn("flex flex-col", isChosen && "border-accent")} aria-label={name}>
      <div className="px-4 pt-3">
        <h3 className="flex items-center gap-2 text-base font-semibold">
          <Dot color={segment.color} className="size-2.5" />
          <span className="truncate">{name}</span>
        </h3>
        <p className="mt-0.5 min-h-10 text-ink-2">{formats.text(segment.description)}</p>
      </div>
      <dl className="mx-4 my-2 grid grid-cols-2 divide-x rounded-lg bg-sunken py-1.5">
        {figures.map(([label, value, share]) => (
          <div key={label} className="px-3">
            <dt className="text-2xs text-ink-3">{label}</dt>
            <dd className="numeric font-semibold">
              {value} <span className="font-normal text-ink-2">{share}</span>
            </dd>
          </div>
        ))}
      </dl>
      <div className="px-4">
        <TraitBars traits={segment.traits.slice(0, 5)} currency={segment.value.currency} />
      </div>
      <div className="mt-auto flex items-center justify-between gap-2 px-4 py-3">
        <p className="min-w-0 truncate text-xs text-ink-3">
          {segment.typical.length > 0 && `${t("segments.typical")} `}
          {segment.typical.slice(0, 3).map(({ contact }, i) => (
            <span key={contact.id}>
              {i > 0 && ", "}
              <Link
                to="/contacts/$id"
                params={{ id: contact.id }}
                className="text-ink-2 underline decoration-line-strong underline-offset-2 hover:text-ink"
              >
                {contact.name}
              </Link>
            </span>
          ))}
        </p>
        <Button
          size="sm"
          aria-pressed={isChosen}
          onClick={onChoose}
          aria-label={t("segments.showMembersOf", { name })}
        >
          {t("segments.showMembers")}
        </Button>
      </div>
    </Card>
  );
}
