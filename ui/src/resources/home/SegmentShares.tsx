import { Link } from "@tanstack/react-router";

import type { Home } from "@/api/types";
import { Card, CardTitle, Meter } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";

/** How many customers each segment holds, and how much of the value. */
export function SegmentShares({ segments }: { segments: Home["segments"] }) {
  const t = useT();
  const formats = useFormats();
  return (
    <Card>
      <CardTitle>{t("nav.segments")}</CardTitle>
      {segments.length === 0 && <p className="px-4 pb-4 text-ink-2">{t("segments.empty")}</p>}
      <ul className="px-2 pb-3">
        {segments.map(({ id, name, color, size, share, value_share }) => (
          <li key={id}>
            <Link
              to="/segments"
              search={{ segment: id }}
              className="block rounded-md px-2 py-1.5 hover:bg-hover"
            >
              <span className="mb-1 flex justify-between gap-2">
                <span className="truncate">{formats.text(name)}</span>
                <span className="numeric shrink-0 text-xs text-ink-2">
                  {formats.number(size)} · {t("segments.ofValue", { percent: formats.percent(value_share) })}
                </span>
              </span>
              <Meter
                share={share}
                color={color}
                label={t("segments.shareLabel", { name: formats.text(name) })}
              />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
