import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Team, TeamInput, TeamKind } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/bits";
import { Field, Input, Select } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { linesOf, teamsBelow, treeOf } from "./accessModel";
import { Refusal } from "./Refusal";

const KINDS: TeamKind[] = ["team", "department"];

interface TeamFormProps {
  /** The team that is changed; a new one is made without it. */
  team?: Team;
  teams: Team[];
}

/** What a team is called and where it stands. */
export function TeamForm({ team, teams }: TeamFormProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [values, setValues] = useState<Required<TeamInput>>({
    name: team?.name ?? "",
    kind: team?.kind ?? "team",
    parent_id: team?.parent_id ?? null,
  });
  const save = useMutation({
    mutationFn: () => (team ? data.updateTeam(team.id, values) : data.createTeam(values)),
    onSuccess: async (saved) => {
      toast.success(t("teams.saved", { name: saved.name }));
      await client.invalidateQueries({ queryKey: keys.teams });
      if (!team) await navigate({ to: "/settings/teams", search: { team: saved.id } });
    },
  });
  // A team cannot stand below itself.
  const own = team ? teamsBelow(teams, team.id) : new Set<string>();
  return (
    <Card className="p-4">
      <form className="grid gap-3" onSubmit={(event) => (event.preventDefault(), save.mutate())}>
        <div className="grid gap-3 sm:grid-cols-3">
          <Field label={t("teams.name")}>
            {(props) => (
              <Input
                {...props}
                required
                maxLength={100}
                autoComplete="off"
                value={values.name}
                onChange={(event) => setValues({ ...values, name: event.target.value })}
              />
            )}
          </Field>
          <Field label={t("teams.kind")}>
            {(props) => (
              <Select
                {...props}
                value={values.kind}
                onChange={(event) => setValues({ ...values, kind: event.target.value as TeamKind })}
              >
                {KINDS.map((kind) => (
                  <option key={kind} value={kind}>
                    {t(`teams.is.${kind}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t("teams.above")}>
            {(props) => (
              <Select
                {...props}
                value={values.parent_id ?? ""}
                onChange={(event) => setValues({ ...values, parent_id: event.target.value || null })}
              >
                <option value="">{t("teams.top")}</option>
                {linesOf(treeOf(teams))
                  .filter((line) => !own.has(line.team.id))
                  .map((line) => (
                    <option key={line.team.id} value={line.team.id}>
                      {"\u2003".repeat(line.depth) + line.team.name}
                    </option>
                  ))}
              </Select>
            )}
          </Field>
        </div>
        <Refusal error={save.error} />
        <Button type="submit" className="justify-self-start" disabled={save.isPending}>
          {t(team ? "teams.save" : "teams.create")}
        </Button>
      </form>
    </Card>
  );
}
