import { Link } from "@tanstack/react-router";

import type { Segment } from "@/api/types";
import { Card, Dot } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { besides } from "./segmentModel";
import { TraitBars } from "./TraitBars";

const N_TRAITS = 5;

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
  const traits = segment.traits.slice(0, N_TRAITS);
  const [share, valueShare] = [formats.percent(segment.share), formats.percent(segment.value_share)];
  const figures = [
    [t("segments.customers"), formats.number(segment.size), share],
    [t("segments.value"), formats.money(segment.value, "compact"), valueShare],
  ];
  const shown = [share, valueShare, ...traits.map(({ label }) => formats.text(label))];
  return (
    // The rows are those of the grid around, so that figures and bars of neighbors stand level.
    <Card
      className={cn("row-span-4 grid grid-rows-subgrid gap-y-0", isChosen && "border-accent")}
      aria-label={name}
    >
      <div className="min-w-0 px-4 pt-3">
        <h3 className="flex items-baseline gap-2 text-base font-semibold">
          <Dot color={segment.color} className="size-2.5" />
          <span className="line-clamp-2 min-w-0 break-words" title={name}>
            {name}
          </span>
        </h3>
        <p className="mt-0.5 text-ink-2">{besides(formats.text(segment.description), shown)}</p>
      </div>
      <dl className="mx-4 my-2 grid content-center grid-cols-2 divide-x rounded-lg bg-sunken py-1.5">
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
        <TraitBars traits={traits} color={segment.color} currency={segment.value.currency} />
      </div>
      <div className="flex min-w-0 items-end justify-between gap-2 px-4 py-3">
        {/* Names wrap: cut off, their links would lie unseen beneath the button. */}
        <p className="min-w-0 text-xs break-words text-ink-3">
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
          className="shrink-0"
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
