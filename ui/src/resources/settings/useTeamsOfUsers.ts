import { useQueries, useQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import { membersQuery, teamsQuery } from "@/resources/access/useRights";

/** The names of each user's teams; null until all teams have told who is in them. */
export function useTeamsOfUsers(): Map<string, string[]> | null {
  const data = useData();
  const teams = useQuery(teamsQuery(data)).data;
  const members = useQueries({ queries: (teams ?? []).map(({ id }) => membersQuery(data, id)) });
  if (!teams || members.some((one) => one.data === undefined)) return null;
  const names = new Map<string, string[]>();
  teams.forEach((team, i) => {
    for (const { user } of members[i]?.data ?? []) {
      names.set(user.id, [...(names.get(user.id) ?? []), team.name]);
    }
  });
  return names;
}
