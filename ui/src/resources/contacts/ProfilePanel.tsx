import { Link } from "@tanstack/react-router";
import { TrendingDown, TrendingUp } from "lucide-react";
import type { ReactNode } from "react";

import type { ConsentStatement, FeatureValue, ContactProfile, Instant } from "@/api/types";
import { ChartFrame } from "@/components/charts/ChartFrame";
import { MonthBars } from "@/components/charts/MonthBars";
import { everyMonth } from "@/components/charts/months";
import { Badge, Card, CardTitle, Dot, Meter } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { useSegmentation } from "@/resources/segments/useSegmentation";

/** What the numbers say about a customer, each with its reason. */
export function ProfilePanel({ profile, orders }: { profile: ContactProfile; orders?: ReactNode }) {
  const formats = useFormats();
  const currency = profile.contact.total_spent?.currency ?? formats.currency;
  const asOf = useSegmentation().data?.as_of;
  return (
    <div className="grid gap-4 md:max-xl:grid-cols-2">
      <SegmentCard profile={profile} currency={currency} asOf={asOf} />
      {orders}
      <FeatureCard features={profile.features} currency={currency} asOf={asOf} />
      <SpendCard profile={profile} currency={currency} />
      <ConsentCard consents={profile.consents} />
    </div>
  );
}

interface AsOf {
  /** When the figures were made: they do not move with the clock. */
  asOf: Instant | undefined;
}

/** Says to which day the figures of a card belong. */
function AsOfNote({ asOf }: AsOf) {
  const t = useT();
  const formats = useFormats();
  return asOf ? (
    <span className="text-xs text-ink-3">{t("segments.asOf", { date: formats.date(asOf) })}</span>
  ) : null;
}

function SegmentCard({
  profile,
  currency,
  asOf,
}: AsOf & { profile: ContactProfile; currency: string | null }) {
  const t = useT();
  const formats = useFormats();
  const { segment } = profile;
  return (
    <Card>
      <CardTitle action={segment && <AsOfNote asOf={asOf} />}>{t("profile.segment")}</CardTitle>
      <div className="px-4 pb-3">
        {segment === null ? (
          <p className="text-ink-2">{t("profile.noSegment")}</p>
        ) : (
          <>
            <Link
              to="/segments"
              search={{ segment: segment.id }}
              className="inline-flex items-center gap-2 font-medium hover:underline"
            >
              <Dot color={segment.color} className="size-2" />
              {formats.text(segment.name)}
            </Link>
            <p className="mt-2 text-xs text-ink-3">{t("profile.why")}</p>
            <ul className="mt-1 grid gap-1.5">
              {segment.reasons.map((reason) => (
                <li key={reason.feature} className="flex items-start gap-2">
                  {reason.direction === "high" ? (
                    <TrendingUp className="mt-0.5 size-4 shrink-0 text-good" aria-hidden />
                  ) : (
                    <TrendingDown className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
                  )}
                  <span className="min-w-0">
                    {t(reason.direction === "high" ? "profile.high" : "profile.low", {
                      feature: formats.text(reason.label),
                    })}
                    <span className="block text-xs text-ink-2">
                      {t("profile.versus", {
                        value: formats.measure(reason.value, reason.unit, currency),
                        typical: formats.measure(reason.typical, reason.unit, currency),
                      })}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Card>
  );
}

function FeatureCard({
  features,
  currency,
  asOf,
}: AsOf & { features: FeatureValue[]; currency: string | null }) {
  const t = useT();
  const formats = useFormats();
  const known = features.filter((feature) => feature.value !== null);
  return (
    <Card>
      <CardTitle action={known.length > 0 && <AsOfNote asOf={asOf} />}>{t("profile.features")}</CardTitle>
      <div className="px-4 pb-4">
        {known.length === 0 ? (
          <p className="text-ink-2">{t("profile.notEnough")}</p>
        ) : (
          <ul className="grid gap-2.5">
            {known.slice(0, 8).map(({ name, label, unit, value, percentile }) => (
              <li key={name}>
                <p className="mb-1 flex justify-between gap-2">
                  <span className="truncate text-ink-2">{formats.text(label)}</span>
                  <span className="numeric shrink-0 font-medium">
                    {formats.measure(value ?? 0, unit, currency)}
                  </span>
                </p>
                {percentile !== null && (
                  <Meter
                    share={percentile}
                    label={t("profile.percentile", {
                      feature: formats.text(label),
                      percent: formats.percent(percentile),
                    })}
                  />
                )}
              </li>
            ))}
          </ul>
        )}
        {known.length > 0 && <p className="mt-3 text-xs text-ink-3">{t("profile.percentileHint")}</p>}
      </div>
    </Card>
  );
}

function SpendCard({ profile, currency }: { profile: ContactProfile; currency: string | null }) {
  const t = useT();
  const formats = useFormats();
  const months = everyMonth(profile.monthly, (month) => ({ month, amount_minor: 0, n_orders: 0 }));
  const bars = months.map(({ month, amount_minor }) => ({
    month,
    value: amount_minor,
    text:
      currency === null ? formats.number(amount_minor) : formats.money({ amount_minor, currency }, "whole"),
  }));
  if (bars.length === 0) return null;
  return (
    <Card>
      <ChartFrame
        title={t("profile.monthly")}
        headers={[t("chart.month"), t("chart.spent"), t("chart.orders")]}
        rows={months.map((m, i) => [
          formats.month(m.month, "long"),
          bars[i]?.text ?? "",
          formats.number(m.n_orders),
        ])}
      >
        <div className="px-4 pb-3">
          <MonthBars label={t("profile.monthlyLabel", { name: profile.contact.name })} bars={bars} />
        </div>
      </ChartFrame>
    </Card>
  );
}

function ConsentCard({ consents }: { consents: ConsentStatement[] }) {
  const t = useT();
  return (
    <Card>
      <CardTitle>{t("profile.consents")}</CardTitle>
      <div className="px-4 pb-3">
        {consents.length === 0 && <p className="text-ink-2">{t("profile.noConsents")}</p>}
        <ul className="grid gap-1.5">
          {consents.map(({ id, channel, purpose, status }) => (
            <li key={id} className="flex items-center justify-between gap-2">
              <span>
                {t(`consent.channel.${channel ?? "any"}`)} ·{" "}
                <span className="text-ink-2">{t(`consent.purpose.${purpose}`)}</span>
              </span>
              <Badge tone={status === "granted" ? "good" : "bad"}>{t(`consent.status.${status}`)}</Badge>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}
