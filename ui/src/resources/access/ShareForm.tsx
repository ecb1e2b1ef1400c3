import { useState } from "react";

import type { Share, ShareInput } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Select } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { useOwnerOptions } from "@/resources/pickers/options";
import { linesOf, treeOf } from "./accessModel";
import { useTeams } from "./useRights";

interface ShareFormProps {
  shares: Share[];
  isBusy: boolean;
  onAdd: (share: ShareInput) => void;
}

/** Adds a colleague or a team to those with whom a record is shared. */
export function ShareForm({ shares, isBusy, onAdd }: ShareFormProps) {
  const t = useT();
  const people = useOwnerOptions();
  const teams = useTeams().data ?? [];
  const [chosen, setChosen] = useState("");
  const [mayWrite, setMayWrite] = useState(false);
  const taken = new Set(shares.map(({ user, team }) => (user ?? team)?.id));
  const freePeople = people.filter(({ value }) => !taken.has(value));
  const freeTeams = linesOf(treeOf(teams)).filter(({ team }) => !taken.has(team.id));

  function add() {
    const isTeam = teams.some(({ id }) => id === chosen);
    onAdd({ ...(isTeam ? { team_id: chosen } : { user_id: chosen }), may_write: mayWrite });
    setChosen("");
  }

  return (
    <form
      className="grid grid-cols-[minmax(0,1fr)_auto_auto] gap-1.5"
      onSubmit={(event) => (event.preventDefault(), add())}
    >
      <Select
        aria-label={t("sharing.choose")}
        required
        value={chosen}
        onChange={(event) => setChosen(event.target.value)}
      >
        <option value="">{t("sharing.choose")}</option>
        <optgroup label={t("sharing.people")}>
          {freePeople.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </optgroup>
        {freeTeams.length > 0 && (
          <optgroup label={t("sharing.teams")}>
            {freeTeams.map(({ team, depth }) => (
              <option key={team.id} value={team.id}>
                {"\u2003".repeat(depth) + team.name}
              </option>
            ))}
          </optgroup>
        )}
      </Select>
      <Select
        aria-label={t("sharing.may")}
        className="w-24"
        value={mayWrite ? "edit" : "see"}
        onChange={(event) => setMayWrite(event.target.value === "edit")}
      >
        <option value="see">{t("sharing.see")}</option>
        <option value="edit">{t("sharing.edit")}</option>
      </Select>
      <Button type="submit" disabled={isBusy || chosen === ""}>
        {t("sharing.add")}
      </Button>
    </form>
  );
}
