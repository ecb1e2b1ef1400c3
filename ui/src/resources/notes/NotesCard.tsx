import { useQueryClient } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { Note, SubjectRef } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Paged } from "@/components/admin/Paged";
import { usePages } from "@/components/admin/usePages";
import { Avatar, Card, CardTitle } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { NoteComposer } from "./NoteComposer";

/** The notes of a record that has no timeline, the latest first, and a field for the next one. */
export function NotesCard({ subject }: { subject: SubjectRef }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const mayWrite = useMay("write");
  const queryKey = keys.notesOf(subject.id);
  const notes = usePages(queryKey, (request) => data.notes(subject, request), 20);
  return (
    <Card>
      <CardTitle>{t("timeline.facet.notes")}</CardTitle>
      {mayWrite && (
        <div className="px-4 pt-1">
          <NoteComposer subject={subject} onSaved={() => client.invalidateQueries({ queryKey })} />
        </div>
      )}
      <Paged pages={notes} isEmpty={notes.rows.length === 0} empty={t("note.none")}>
        <ol className="grid gap-3 px-4 pb-4">
          {notes.rows.map((note) => (
            <li key={note.id}>
              <NoteText note={note} />
            </li>
          ))}
        </ol>
      </Paged>
    </Card>
  );
}

function NoteText({ note }: { note: Note }) {
  const formats = useFormats();
  return (
    <article className="grid gap-1">
      <p className="flex items-center gap-2 text-xs text-ink-2">
        {note.author && <Avatar name={note.author.name} />}
        {note.author && <span>{note.author.name}</span>}
        <time dateTime={note.created_at}>{formats.dateTime(note.created_at)}</time>
      </p>
      <p className="break-words whitespace-pre-wrap">{note.body}</p>
    </article>
  );
}
