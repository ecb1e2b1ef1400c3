import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { OwnedKind, Pool } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { Input } from "@/components/ui/fields";
import { ErrorState } from "@/components/ui/StateView";
import { Cell, HeadCell, RowHead, Table } from "@/components/ui/Table";
import { useT } from "@/i18n";
import { KINDS } from "@/resources/access/accessModel";
import { Refusal } from "@/resources/access/Refusal";
import { poolsQuery } from "@/resources/access/useRights";
import { Section } from "@/resources/settings/Section";

const LIMITS = { n_owned_max: 1_000_000, return_after_days: 3_650 };
type Limit = keyof typeof LIMITS;

/** How many records one person may have, and when what nobody attends to returns to the pool. */
export default function PoolRules() {
  const t = useT();
  const pools = useQuery(poolsQuery(useData()));
  return (
    <Section title={t("pool.rules")} hint={t("pool.rulesHint")}>
      {pools.error && <ErrorState error={pools.error} onRetry={() => void pools.refetch()} />}
      {pools.data && <RulesForm pools={pools.data} />}
    </Section>
  );
}

type Typed = Partial<Record<OwnedKind, Partial<Record<Limit, string>>>>;

const numberOf = (text: string) => (text.trim() === "" ? null : Number(text));

function RulesForm({ pools }: { pools: Pool[] }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  // Only what was typed here: the rest stays as the server has it.
  const [typed, setTyped] = useState<Typed>({});
  const save = useMutation({
    mutationFn: async () => {
      for (const kind of KINDS) {
        const pool = pools.find(({ object }) => object === kind);
        const texts = typed[kind];
        if (!pool || !texts) continue;
        const valueOf = (limit: Limit) => {
          const text = texts[limit];
          return text === undefined ? pool[limit] : numberOf(text);
        };
        await data.setPool(kind, {
          n_owned_max: valueOf("n_owned_max"),
          return_after_days: valueOf("return_after_days"),
        });
      }
    },
    onSuccess: () => {
      setTyped({});
      toast.success(t("pool.saved"));
    },
    // Also where one was refused: those before it are saved.
    onSettled: () => client.invalidateQueries({ queryKey: keys.pools }),
  });
  const field = (pool: Pool, kind: OwnedKind, limit: Limit, label: string) => (
    <Input
      type="number"
      inputMode="numeric"
      aria-label={label}
      min={1}
      max={LIMITS[limit]}
      step={1}
      className="w-28"
      value={typed[kind]?.[limit] ?? pool[limit] ?? ""}
      onChange={(event) => setTyped({ ...typed, [kind]: { ...typed[kind], [limit]: event.target.value } })}
    />
  );
  return (
    <form className="grid gap-3" onSubmit={(event) => (event.preventDefault(), save.mutate())}>
      <Table
        caption={t("pool.rules")}
        className="rounded-lg border"
        head={
          <>
            <HeadCell>{t("pool.kinds")}</HeadCell>
            <HeadCell>{t("pool.max")}</HeadCell>
            <HeadCell>{t("pool.days")}</HeadCell>
          </>
        }
      >
        {KINDS.map((kind) => {
          const pool = pools.find(({ object }) => object === kind);
          if (!pool) return null;
          const name = t(`rights.kind.${kind}`);
          return (
            <tr key={kind}>
              <RowHead>{name}</RowHead>
              <Cell>{field(pool, kind, "n_owned_max", t("pool.maxOf", { kind: name }))}</Cell>
              <Cell>{field(pool, kind, "return_after_days", t("pool.daysOf", { kind: name }))}</Cell>
            </tr>
          );
        })}
      </Table>
      <Refusal error={save.error} />
      <Button
        type="submit"
        className="justify-self-start"
        disabled={save.isPending || Object.keys(typed).length === 0}
      >
        {t("pool.save")}
      </Button>
    </form>
  );
}
