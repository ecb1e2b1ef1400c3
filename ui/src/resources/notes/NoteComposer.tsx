import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { SubjectRef } from "@/api/types";
import { messageOf } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Textarea } from "@/components/ui/fields";
import { useT } from "@/i18n";

interface NoteComposerProps {
  /** What the note is about. */
  subject: SubjectRef;
  onSaved: () => Promise<void>;
}

export function NoteComposer({ subject, onSaved }: NoteComposerProps) {
  const t = useT();
  const data = useData();
  const [body, setBody] = useState("");
  const add = useMutation({
    mutationFn: () => data.createNote(subject, body.trim()),
    onSuccess: () => {
      setBody("");
      toast.success(t("note.saved"));
      return onSaved();
    },
    onError: (error) => toast.error(t("edit.failed"), { description: messageOf(error) }),
  });
  const submit = () => body.trim() !== "" && !add.isPending && add.mutate();
  return (
    <form className="mb-3 grid gap-2" onSubmit={(event) => (event.preventDefault(), submit())}>
      <Textarea
        aria-label={t("note.label")}
        placeholder={t("note.placeholder")}
        rows={2}
        value={body}
        disabled={add.isPending}
        onChange={(event) => setBody(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && (event.metaKey || event.ctrlKey) && submit()}
      />
      {body.trim() !== "" && (
        <Button type="submit" variant="primary" className="justify-self-end" disabled={add.isPending}>
          {t("note.add")}
        </Button>
      )}
    </form>
  );
}
