import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useData } from "@/api/context";
import type { Deal, DealPatch, Pipeline } from "@/api/types";
import { orNull } from "@/components/admin/columns";
import { InlineChoice } from "@/components/admin/InlineChoice";
import { InlineField } from "@/components/admin/InlineField";
import { InlinePicker } from "@/components/admin/InlinePicker";
import { useEdit } from "@/components/admin/useEdit";
import { Badge, Card, Fact, Facts } from "@/components/ui/bits";
import { Input, Select } from "@/components/ui/fields";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { RecordPage } from "@/layout/RecordPage";
import { LaterSharingCard } from "@/resources/access/LaterSharingCard";
import { NotesCard } from "@/resources/notes/NotesCard";
import { LaterCustomCard } from "@/resources/custom/LaterCustomCard";
import { Ruled } from "@/resources/session/Ruled";
import { useMay } from "@/resources/session/useSession";
import { amountOf, amountText, stageIdOf } from "./dealModel";
import { currencyOptions } from "./DealInputs";
import { pipelinesQuery } from "./useBoard";

const TONES = { open: "accent", won: "good", lost: "plain" } as const;

export function DealShow() {
  const t = useT();
  const edit = useEdit("deals");
  const pipelines = useQuery(pipelinesQuery(useData())).data ?? [];
  const stageOf = (deal: Deal) =>
    pipelines.flatMap(({ stages }) => stages).find(({ id }) => id === stageIdOf(deal));
  return (
    <RecordPage
      resource="deals"
      titleOf={(deal) => deal.name}
      rename={(deal) => ({
        label: t("deal.name"),
        onSave: (name) => void edit(deal, { name }, t("deal.name")),
      })}
      note={(deal) => {
        const stage = stageOf(deal);
        return stage && <Badge tone={TONES[stage.outcome]}>{stage.name}</Badge>;
      }}
    >
      {(deal) => (
        <>
          <Stages deal={deal} pipeline={pipelines.find(({ id }) => id === deal.pipeline_id)} />
          <div className="grid items-start gap-4 md:grid-cols-2">
            <DealFacts deal={deal} />
            <About deal={deal} pipelines={pipelines} />
            <LaterSharingCard
              kind="deal"
              record={deal}
              name={deal.name}
              onAssign={(owner_id) => void edit(deal, { owner_id }, t("contact.owner"))}
            />
            <LaterCustomCard resource="deals" record={deal} />
          </div>
          <NotesCard key={deal.id} subject={{ kind: "deal", id: deal.id }} />
        </>
      )}
    </RecordPage>
  );
}

/** The pipeline as a row of steps; each is a button that moves the deal there. */
function Stages({ deal, pipeline }: { deal: Deal; pipeline: Pipeline | undefined }) {
  const t = useT();
  const edit = useEdit("deals");
  const mayWrite = useMay("write");
  if (!pipeline) return null;
  return (
    <div role="group" aria-label={t("deal.stage")} className="flex flex-wrap gap-1">
      {pipeline.stages.map((stage) => {
        const isHere = stage.id === stageIdOf(deal);
        return (
          <button
            key={stage.id}
            type="button"
            aria-pressed={isHere}
            disabled={!mayWrite}
            onClick={() =>
              isHere ||
              void edit(
                deal,
                { stage_id: stage.id },
                t("deals.moved", { name: deal.name, stage: stage.name }),
              )
            }
            className={cn(
              "h-8 min-w-24 flex-1 truncate rounded-md border px-3 text-xs font-medium",
              isHere ? "border-accent bg-accent text-accent-ink" : "bg-raised text-ink-2 hover:bg-hover",
            )}
          >
            {stage.name}
          </button>
        );
      })}
    </div>
  );
}

function DealFacts({ deal }: { deal: Deal }) {
  const t = useT();
  const formats = useFormats();
  const edit = useEdit("deals");
  const save = (change: DealPatch, what: string) => void edit(deal, change, what);
  const currency = deal.amount?.currency ?? formats.currency ?? "EUR";
  return (
    <Card className="p-4">
      <Facts>
        <Ruled kind="deal" field="amount">
          <Fact label={t("deal.amount")}>
            <InlineField
              label={t("deal.amount")}
              text={deal.amount ? amountText(deal.amount) : ""}
              refusal={(text) => (amountOf(text, currency) === undefined ? t("deal.notAnAmount") : undefined)}
              onSave={(text) => save({ amount: amountOf(text, currency) ?? null }, t("deal.amount"))}
            >
              {deal.amount && formats.money(deal.amount)}
            </InlineField>
          </Fact>
          {deal.amount && (
            <Fact label={t("deal.currency")}>
              <InlineChoice
                label={t("deal.currency")}
                value={currency}
                options={currencyOptions(currency).map((value) => ({ value, label: value }))}
                onSave={(next) => {
                  const amount = next && amountOf(amountText(deal.amount!), next);
                  if (amount) save({ amount }, t("deal.currency"));
                }}
              />
            </Fact>
          )}
        </Ruled>
        <Ruled kind="deal" field="expected_close_on">
          <Fact label={t("deal.closeOn")}>
            <CloseOn deal={deal} onSave={(on) => save({ expected_close_on: on }, t("deal.closeOn"))} />
          </Fact>
        </Ruled>
        <Fact label={t("deal.enteredAt")}>
          <span className="text-ink-2">{formats.dateTime(deal.stage_entered_at)}</span>
        </Fact>
        <Fact label={t("deal.createdAt")}>
          <span className="text-ink-2">{formats.dateTime(deal.created_at)}</span>
        </Fact>
      </Facts>
    </Card>
  );
}

function CloseOn({ deal, onSave }: { deal: Deal; onSave: (on: string | null) => void }) {
  const t = useT();
  const mayWrite = useMay("write");
  return (
    <Input
      type="date"
      aria-label={t("deal.closeOn")}
      disabled={!mayWrite}
      value={deal.expected_close_on ?? ""}
      onChange={(event) => onSave(orNull(event.target.value))}
      className="-mx-1.5 h-6 border-transparent bg-transparent px-1.5 hover:bg-hover phone:h-6"
    />
  );
}

function About({ deal, pipelines }: { deal: Deal; pipelines: Pipeline[] }) {
  const t = useT();
  const edit = useEdit("deals");
  const mayWrite = useMay("write");
  const save = (change: DealPatch, what: string) => void edit(deal, change, what);
  const open = "text-xs text-accent-text hover:underline";
  return (
    <Card className="p-4">
      <Facts>
        <Fact label={t("contact.company")}>
          <Ruled kind="deal" field="company_id">
            <InlinePicker
              kind="company"
              label={t("contact.company")}
              value={deal.company}
              onSave={(company) => save({ company_id: company?.id ?? null }, t("contact.company"))}
            />
          </Ruled>
          {deal.company && (
            <Link to="/companies/$id" params={{ id: deal.company.id }} className={open}>
              {t("nav.companies")} →<span className="sr-only"> {deal.company.name}</span>
            </Link>
          )}
        </Fact>
        <Fact label={t("order.customer")}>
          <Ruled kind="deal" field="contact_id">
            <InlinePicker
              kind="contact"
              label={t("order.customer")}
              value={deal.contact}
              onSave={(contact) => save({ contact_id: contact?.id ?? null }, t("order.customer"))}
            />
          </Ruled>
          {deal.contact && (
            <Link to="/contacts/$id" params={{ id: deal.contact.id }} className={open}>
              {t("nav.contacts")} →<span className="sr-only"> {deal.contact.name}</span>
            </Link>
          )}
        </Fact>
        <Fact label={t("deal.pipeline")}>
          <Select
            aria-label={t("deal.pipeline")}
            disabled={!mayWrite}
            value={deal.pipeline_id}
            onChange={(event) => {
              const pipeline = pipelines.find(({ id }) => id === event.target.value);
              const stage = pipeline?.stages[0];
              if (stage) save({ pipeline_id: pipeline.id, stage_id: stage.id }, t("deal.pipeline"));
            }}
          >
            {pipelines.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Fact>
      </Facts>
    </Card>
  );
}
