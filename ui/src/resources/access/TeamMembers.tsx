import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { UserMinus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Team, TeamMember, TeamMemberInput } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Avatar, Badge, Card, CardTitle } from "@/components/ui/bits";
import { Button, IconButton } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Select } from "@/components/ui/fields";
import { ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { Refusal } from "./Refusal";
import { membersQuery, usersQuery } from "./useRights";

const asInput = ({ user, is_lead }: TeamMember): TeamMemberInput => ({ user_id: user.id, is_lead });

/** Who is in a team: add, lead, move, take out. Each change is saved at once. */
export function TeamMembers({ team, teams }: { team: Team; teams: Team[] }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const members = useQuery(membersQuery(data, team.id));
  const listed = members.data ?? [];
  const change = useMutation({
    mutationFn: (next: TeamMemberInput[]) => data.setTeamMembers(team.id, next),
    onSuccess: (saved) => client.setQueryData(keys.membersOf(team.id), saved),
  });
  const move = useMutation({
    mutationFn: async ({ user, to }: { user: string; to: Team }) => {
      // In the new team first: somebody who is in no team sees less for that moment.
      const there = await client.fetchQuery({ ...membersQuery(data, to.id), staleTime: 0 });
      const joined = there.some((member) => member.user.id === user)
        ? there
        : await data.setTeamMembers(to.id, [...there.map(asInput), { user_id: user }]);
      client.setQueryData(keys.membersOf(to.id), joined);
      return data.setTeamMembers(team.id, without(listed, user));
    },
    onSuccess: (saved, { user, to }) => {
      const name = listed.find((member) => member.user.id === user)?.user.name;
      client.setQueryData(keys.membersOf(team.id), saved);
      toast.success(t("teams.moved", { name, team: to.name }));
    },
  });
  const isBusy = change.isPending || move.isPending;
  return (
    <Card>
      <CardTitle>{`${team.name} · ${t("teams.members")}`}</CardTitle>
      <div className="grid gap-3 px-4 pb-4">
        {members.error && <ErrorState error={members.error} onRetry={() => void members.refetch()} />}
        {members.data?.length === 0 && <p className="text-ink-2">{t("teams.noMembers")}</p>}
        {listed.length > 0 && (
          <ul aria-label={t("teams.members")} className="divide-y rounded-lg border">
            {listed.map((member) => (
              <MemberLine
                key={member.user.id}
                member={member}
                others={teams.filter(({ id }) => id !== team.id)}
                isBusy={isBusy}
                onLead={(is_lead) =>
                  change.mutate(listed.map((one) => asInput(one === member ? { ...one, is_lead } : one)))
                }
                onMove={(to) => move.mutate({ user: member.user.id, to })}
                onRemove={() => change.mutate(without(listed, member.user.id))}
              />
            ))}
          </ul>
        )}
        <Refusal error={change.error ?? move.error} />
        {members.data && (
          <AddMember
            members={listed}
            isBusy={isBusy}
            onAdd={(user_id) => change.mutate([...listed.map(asInput), { user_id }])}
          />
        )}
      </div>
    </Card>
  );
}

const without = (members: TeamMember[], user: string) =>
  members.filter((member) => member.user.id !== user).map(asInput);

interface MemberLineProps {
  member: TeamMember;
  others: Team[];
  isBusy: boolean;
  onLead: (isLead: boolean) => void;
  onMove: (to: Team) => void;
  onRemove: () => void;
}

function MemberLine({ member, others, isBusy, onLead, onMove, onRemove }: MemberLineProps) {
  const t = useT();
  const { name } = member.user;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <Avatar name={name} />
      <span className="min-w-24 flex-1 truncate font-medium">
        {name}
        {member.is_lead && (
          <Badge tone="accent" className="ml-2">
            {t("teams.lead")}
          </Badge>
        )}
      </span>
      <label className="flex min-h-6 items-center gap-2 text-xs text-ink-2">
        <Checkbox
          aria-label={t("teams.makeLead", { name })}
          checked={member.is_lead}
          disabled={isBusy}
          onCheckedChange={(isOn) => onLead(isOn === true)}
        />
        {t("teams.lead")}
      </label>
      {others.length > 0 && (
        <Select
          aria-label={t("teams.moveTo", { name })}
          className="w-36"
          value=""
          disabled={isBusy}
          onChange={(event) => {
            const to = others.find(({ id }) => id === event.target.value);
            if (to) onMove(to);
          }}
        >
          <option value="">{t("teams.move")}</option>
          {others.map((team) => (
            <option key={team.id} value={team.id}>
              {team.name}
            </option>
          ))}
        </Select>
      )}
      <IconButton label={t("teams.remove", { name })} disabled={isBusy} onClick={onRemove}>
        <UserMinus />
      </IconButton>
    </li>
  );
}

interface AddMemberProps {
  members: TeamMember[];
  isBusy: boolean;
  onAdd: (user: string) => void;
}

function AddMember({ members, isBusy, onAdd }: AddMemberProps) {
  const t = useT();
  const users = useQuery(usersQuery(useData()));
  const [chosen, setChosen] = useState("");
  const inside = new Set(members.map(({ user }) => user.id));
  const outside = users.data?.items.filter((user) => user.disabled_at === null && !inside.has(user.id)) ?? [];
  if (users.data && outside.length === 0) return <p className="text-xs text-ink-2">{t("teams.everybody")}</p>;
  return (
    <form
      className="flex max-w-sm items-center gap-2"
      onSubmit={(event) => (event.preventDefault(), onAdd(chosen), setChosen(""))}
    >
      <Select
        aria-label={t("teams.addWho")}
        required
        value={chosen}
        onChange={(event) => setChosen(event.target.value)}
      >
        <option value="">{t("teams.addWho")}</option>
        {outside.map((user) => (
          <option key={user.id} value={user.id}>
            {user.name}
          </option>
        ))}
      </Select>
      <Button type="submit" disabled={isBusy || chosen === ""}>
        {t("teams.add")}
      </Button>
    </form>
  );
}
