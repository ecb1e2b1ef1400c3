import { PastMerges } from "./PastMerges";
import { PossibleDuplicates } from "./PossibleDuplicates";

/** What the record page tells of who a contact is, beside its sources. */
export default function WhoIsWho({ contactId }: { contactId: string }) {
  return (
    <>
      <PossibleDuplicates contactId={contactId} />
      <PastMerges contactId={contactId} />
    </>
  );
}
