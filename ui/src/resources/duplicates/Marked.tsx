import type { Piece } from "./differences";

/** A value with the letters marked that the other one has not. */
export function Marked({ pieces }: { pieces: Piece[] }) {
  return pieces.map(({ text, isMarked }, i) =>
    isMarked ? (
      <mark
        key={i}
        className="rounded-xs bg-warn-soft text-warn underline decoration-dotted underline-offset-3"
      >
        {text}
      </mark>
    ) : (
      <span key={i}>{text}</span>
    ),
  );
}
