import { messageOf } from "@/i18n/problems";

/** What the server refused, where it was asked for. */
export function Refusal({ error }: { error: Error | null }) {
  if (!error) return null;
  return (
    <p role="alert" className="text-bad">
      {messageOf(error)}
    </p>
  );
}
