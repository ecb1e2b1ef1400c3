import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import { ApiError } from "@/api/problem";
import type { MatchPair, MatchVerdict } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { editsOf } from "@/components/admin/edits";
import { useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { useRefreshPeople } from "@/resources/identity/useRefreshPeople";
import { otherSide, type Side } from "./queueModel";

/** A decision of this screen, on its way to the server or there. */
interface Made {
  pair: MatchPair;
  verdict: MatchVerdict;
  stays: Side;
  /** Settles once the server has answered, whatever it said. */
  isAnswered: Promise<unknown>;
  /** Known once it is committed. */
  takeBack?: () => void;
  isLeaving?: boolean;
}

/**
 * Decisions one after the other, each shown at once: the next pair is at hand while the last is on its way. One
 * that is refused comes back, and so does one that is taken back.
 */
export function useDecisions(onReturn: (pairId: string) => void) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const refreshPeople = useRefreshPeople();
  const made = useRef<Made[]>([]);
  const turn = useRef<Promise<unknown>>(Promise.resolve());
  const [shown, setShown] = useState<Made[]>([]);
  const [returned, setReturned] = useState<MatchPair[]>([]);

  function change(next: Made[]) {
    made.current = next;
    setShown(next);
  }

  const without = (one: Made) => change(made.current.filter((other) => other !== one));
  const names = ({ left, right }: MatchPair) => ({ left: left.name, right: right.name });

  /** Requests go out one after the other: the next decision may be about the same people. */
  function inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const answer = turn.current.then(ask);
    turn.current = answer.catch(() => undefined);
    return answer;
  }

  function bringBack(one: Made) {
    without(one);
    setReturned((pairs) => [one.pair, ...pairs.filter(({ id }) => id !== one.pair.id)]);
    onReturn(one.pair.id);
  }

  function refresh() {
    refreshPeople();
    // What is at hand stays; the next look at the queue begins anew.
    void client.invalidateQueries({ queryKey: keys.matchPairs(), refetchType: "none" });
  }

  async function takeBack(one: Made, operation: number, in_part: boolean) {
    one.isLeaving = true;
    bringBack(one);
    try {
      await inTurn(() => data.undoIdentityOperation(operation, { reason: null, keep_apart: false, in_part }));
      toast(t("duplicates.takenBack", names(one.pair)));
    } catch (error) {
      one.isLeaving = false;
      one.takeBack = () => void takeBack(one, operation, false);
      change([...made.current, one]);
      const isPartial = error instanceof ApiError && error.code === "merge_incomplete" && !in_part;
      toast.error(t("duplicates.notTakenBack"), {
        description: messageOf(error),
        ...(isPartial
          ? {
              duration: Infinity,
              closeButton: true,
              action: {
                label: t("duplicates.inPart"),
                onClick: () => void takeBack(one, operation, true),
              },
            }
          : {}),
      });
    }
    refresh();
  }

  function say(one: Made, operation: number) {
    const { pair, verdict, stays } = one;
    const once = editsOf(client).remember(() => {
      toast.dismiss(id);
      void takeBack(one, operation, false);
    });
    one.takeBack = once;
    const text =
      verdict === "same"
        ? t("duplicates.decided.same", { name: pair[stays].name })
        : t("duplicates.decided.different", names(pair));
    const id = toast.success(text, { action: { label: t("duplicates.undo"), onClick: once } });
  }

  async function send(one: Made, reason: string) {
    const { pair, verdict, stays } = one;
    const keep = verdict === "same" ? pair[stays].contact_id : null;
    try {
      const decision = { verdict, keep, reason: reason.trim() || null };
      const { operation } = await inTurn(() => data.decideMatchPair(pair.id, decision));
      say(one, operation);
      refresh();
    } catch (error) {
      const isSettled = error instanceof ApiError && error.status === 409;
      // Where somebody else was first, the queue tells what became of it.
      if (isSettled) await client.invalidateQueries({ queryKey: keys.matchPairs() });
      without(one);
      toast.error(t("duplicates.notDecided", names(pair)), { description: messageOf(error) });
    }
  }

  function decide(pair: MatchPair, verdict: MatchVerdict, stays: Side, reason: string) {
    // A key may come twice before the next pair shows.
    if (made.current.some((one) => one.pair.id === pair.id)) return;
    const one: Made = { pair, verdict, stays, isAnswered: Promise.resolve() };
    one.isAnswered = send(one, reason);
    change([...made.current, one]);
  }

  /** The latest first; one that is still on its way is taken back once it is there. */
  function undoLast() {
    const last = made.current.findLast(({ isLeaving }) => !isLeaving);
    if (!last) return;
    if (last.takeBack) return last.takeBack();
    last.isLeaving = true;
    void last.isAnswered.then(() => last.takeBack?.());
  }

  const settled = useMemo(() => new Set(shown.map(({ pair }) => pair.id)), [shown]);
  const gone = useMemo(
    () =>
      new Set(
        shown
          .filter(({ verdict }) => verdict === "same")
          .map(({ pair, stays }) => pair[otherSide(stays)].contact_id),
      ),
    [shown],
  );
  return { settled, gone, returned, canUndo: shown.length > 0, decide, undoLast };
}
