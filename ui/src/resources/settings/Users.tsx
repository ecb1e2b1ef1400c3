import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Role } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Field, Input, Select } from "@/components/ui/fields";
import { ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { rolesQuery, usersQuery } from "@/resources/access/useRights";
import { Section } from "./Section";
import { BUILT_IN, UserLine } from "./UserLine";
import { useTeamsOfUsers } from "./useTeamsOfUsers";

const BLANK = { name: "", email: "", password: "", role: "member" as Role };

export function Users() {
  const t = useT();
  const data = useData();
  const users = useQuery(usersQuery(data));
  const roles = useQuery(rolesQuery(data)).data ?? [];
  const teams = useTeamsOfUsers();
  return (
    <Section title={t("settings.users")} hint={t("settings.usersHint")}>
      {users.error && <ErrorState error={users.error} onRetry={() => void users.refetch()} />}
      <ul aria-label={t("settings.users")} className="divide-y rounded-lg border">
        {users.data?.items.map((user) => (
          <UserLine key={user.id} user={user} roles={roles} teams={teams && (teams.get(user.id) ?? [])} />
        ))}
      </ul>
      <UserForm />
    </Section>
  );
}

function UserForm() {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const [values, setValues] = useState(BLANK);
  const add = useMutation({
    mutationFn: () => data.createUser(values),
    onSuccess: (user) => {
      setValues(BLANK);
      toast.success(t("settings.userAdded", { name: user.name }));
      return client.invalidateQueries({ queryKey: keys.list("users") });
    },
  });
  const field = (key: "name" | "email" | "password", label: string, type: string) => (
    <Field label={label}>
      {(props) => (
        <Input
          {...props}
          type={type}
          required
          autoComplete={type === "password" ? "new-password" : "off"}
          value={values[key]}
          onChange={(event) => setValues({ ...values, [key]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <form className="grid gap-3" onSubmit={(event) => (event.preventDefault(), add.mutate())}>
      <div className="grid gap-3 sm:grid-cols-2">
        {field("name", t("settings.name"), "text")}
        {field("email", t("session.email"), "email")}
        {field("password", t("settings.firstPassword"), "password")}
        <Field label={t("settings.role")}>
          {(props) => (
            <Select
              {...props}
              value={values.role}
              onChange={(event) => setValues({ ...values, role: event.target.value as Role })}
            >
              {BUILT_IN.map((role) => (
                <option key={role} value={role}>
                  {t(`role.${role}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {add.error && (
        <p role="alert" className="text-bad">
          {messageOf(add.error)}
        </p>
      )}
      <Button type="submit" className="justify-self-start" disabled={add.isPending}>
        {t("settings.addUser")}
      </Button>
    </form>
  );
}
