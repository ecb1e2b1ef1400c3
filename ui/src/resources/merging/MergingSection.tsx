import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { SurvivorshipPatch, SurvivorshipSettings } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { Refusal } from "@/resources/access/Refusal";
import { Section } from "@/resources/settings/Section";
import { RulePreview } from "./RulePreview";
import { changesOf, withChanges } from "./rulesModel";
import { RuleTable } from "./RuleTable";
import { SourceOrder } from "./SourceOrder";

/** Which of two values the record shows after a merge, field by field, and what that does to a real pair. */
export default function MergingSection() {
  const t = useT();
  const data = useData();
  const rules = useQuery({ queryKey: keys.survivorship, queryFn: () => data.survivorship() });
  return (
    <Section title={t("merging.title")} hint={t("merging.hint")}>
      {rules.error && <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.data && <RulesForm rules={rules.data} />}
    </Section>
  );
}

function RulesForm({ rules }: { rules: SurvivorshipSettings }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  // Only what was chosen here: the rest stays as the server has it.
  const [chosen, setChosen] = useState<SurvivorshipPatch>({});
  const changes = changesOf(rules, chosen);
  const shown = withChanges(rules, chosen);
  const save = useMutation({
    mutationFn: (change: SurvivorshipPatch) => data.updateSurvivorship(change),
    onSuccess: (saved) => {
      client.setQueryData(keys.survivorship, saved);
      setChosen({});
      toast.success(t("merging.saved"));
    },
  });
  return (
    <form
      className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (changes) save.mutate(changes);
      }}
    >
      <RuleTable
        rules={shown}
        onUsual={(usual) => setChosen({ ...chosen, usual })}
        onField={(field, rule) => setChosen({ ...chosen, fields: { ...chosen.fields, [field]: rule } })}
      />
      <SourceOrder
        ids={shown.trusted_sources}
        onChange={(trusted_sources) => setChosen({ ...chosen, trusted_sources })}
      />
      <RulePreview changes={changes} />
      <Refusal error={save.error} />
      <Button
        type="submit"
        variant="primary"
        className="justify-self-start"
        disabled={!changes || save.isPending}
      >
        {t("common.save")}
      </Button>
    </form>
  );
}
