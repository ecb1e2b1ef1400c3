import { Check, Minus } from "lucide-react";

import type { OwnedKind, RolePolicy } from "@/api/types";
import { Checkbox } from "@/components/ui/Checkbox";
import { Cell, HeadCell, RowHead, Table } from "@/components/ui/Table";
import { useT } from "@/i18n";
import { grantOf, KINDS } from "./accessModel";
import { ReachChip, ReachSelect } from "./ReachChip";
import { mayReach, REACH_VERBS, withGrant, YES_VERBS, type Verb } from "./roleModel";

interface RoleMatrixProps {
  name: string;
  policy: RolePolicy;
  /** Without it the matrix is only read. */
  onChange?: ((policy: RolePolicy) => void) | undefined;
}

/** What a role allows with each kind of record: kinds down, verbs across, whose records in each cell. */
export function RoleMatrix({ name, policy, onChange }: RoleMatrixProps) {
  const t = useT();
  const verbs: Verb[] = [...REACH_VERBS, ...YES_VERBS];
  return (
    <Table
      caption={t("roles.matrix", { name })}
      className="rounded-lg border"
      tableClassName="min-w-[36rem]"
      head={
        <>
          <HeadCell className="px-3">{t("roles.records")}</HeadCell>
          {verbs.map((verb) => (
            <HeadCell key={verb} className="px-2">
              {t(`roles.verb.${verb}`)}
            </HeadCell>
          ))}
        </>
      }
    >
      {KINDS.map((kind) => (
        <tr key={kind}>
          <RowHead className="px-3">{t(`rights.kind.${kind}`)}</RowHead>
          {REACH_VERBS.map((verb) => (
            <Cell key={verb} className="px-2 py-1.5">
              <ReachCell kind={kind} verb={verb} policy={policy} onChange={onChange} />
            </Cell>
          ))}
          {YES_VERBS.map((verb) => (
            <Cell key={verb} className="px-2 py-1.5">
              <YesCell kind={kind} verb={verb} policy={policy} onChange={onChange} />
            </Cell>
          ))}
        </tr>
      ))}
    </Table>
  );
}

interface CellProps<V extends Verb> {
  kind: OwnedKind;
  verb: V;
  policy: RolePolicy;
  onChange: ((policy: RolePolicy) => void) | undefined;
}

function useCellLabel(kind: OwnedKind, verb: Verb) {
  const t = useT();
  return t("roles.cell", { kind: t(`rights.kind.${kind}`), verb: t(`roles.verb.${verb}`) });
}

function ReachCell({ kind, verb, policy, onChange }: CellProps<"read" | "write" | "delete">) {
  const label = useCellLabel(kind, verb);
  const grant = grantOf(policy, kind);
  if (!onChange) return <ReachChip reach={grant[verb]} />;
  return (
    <ReachSelect
      label={label}
      value={grant[verb]}
      mayChoose={(reach) => mayReach(grant, verb, reach)}
      onChange={(reach) => onChange(withGrant(policy, kind, { [verb]: reach }))}
    />
  );
}

function YesCell({ kind, verb, policy, onChange }: CellProps<"create" | "pool">) {
  const t = useT();
  const label = useCellLabel(kind, verb);
  const grant = grantOf(policy, kind);
  if (onChange) {
    return (
      <Checkbox
        aria-label={label}
        checked={grant[verb]}
        disabled={grant.read === "none"}
        onCheckedChange={(isOn) => onChange(withGrant(policy, kind, { [verb]: isOn === true }))}
      />
    );
  }
  const Sign = grant[verb] ? Check : Minus;
  return (
    <>
      <Sign className={grant[verb] ? "size-4 text-good" : "size-4 text-ink-3"} aria-hidden />
      <span className="sr-only">{t(grant[verb] ? "roles.yes" : "roles.no")}</span>
    </>
  );
}
