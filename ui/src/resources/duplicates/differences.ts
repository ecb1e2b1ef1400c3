/** A stretch of a value; marked where the other value has not the same there. */
export interface Piece {
  text: string;
  isMarked: boolean;
}

/** Longer values are marked whole: comparing takes time in the product of both lengths. */
const LENGTH_MAX = 300;

/** Where less than this share of the longer value is in both, single letters that agree say nothing. */
const SHARE_MIN = 0.5;

/** Letters as they are compared: full width and capitals are no difference between people. */
const folded = (text: string) => [...text].map((letter) => letter.normalize("NFKC").toLowerCase());

/**
 * Both values in pieces, those marked that differ: a longest common subsequence of letters (Wagner & Fischer
 * 1974). Values that have little in common are marked whole.
 */
export function differences(left: string, right: string): { left: Piece[]; right: Piece[] } {
  const [a, b] = [folded(left), folded(right)];
  const longer = Math.max(a.length, b.length);
  const pairs = longer > LENGTH_MAX ? [] : commonOf(a, b);
  if (longer === 0 || pairs.length < longer * SHARE_MIN)
    return { left: whole(left, a.length > 0), right: whole(right, b.length > 0) };
  return {
    left: piecesOf(left, new Set(pairs.map(([i]) => i))),
    right: piecesOf(right, new Set(pairs.map(([, j]) => j))),
  };
}

const whole = (text: string, isMarked: boolean): Piece[] => (text === "" ? [] : [{ text, isMarked }]);

/** The positions of letters that both have in the same order. */
function commonOf(a: string[], b: string[]): [number, number][] {
  const width = b.length + 1;
  // The length of the longest common subsequence of what follows each two positions.
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

/** A text in stretches of letters that are common or not. */
function piecesOf(text: string, common: ReadonlySet<number>): Piece[] {
  const pieces: Piece[] = [];
  for (const [i, letter] of [...text].entries()) {
    const isMarked = !common.has(i);
    const last = pieces.at(-1);
    if (last?.isMarked === isMarked) last.text += letter;
    else pieces.push({ text: letter, isMarked });
  }
  return withoutSpecks(pieces);
}

/** One letter that agrees by chance between two stretches that differ is taken for one more that differs. */
function withoutSpecks(pieces: Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const [i, piece] of pieces.entries()) {
    const isSpeck = i > 0 && i < pieces.length - 1 && [...piece.text].length === 1;
    const last = joined.at(-1);
    const isMarked = piece.isMarked || isSpeck;
    if (last?.isMarked === isMarked) last.text += piece.text;
    else joined.push({ text: piece.text, isMarked });
  }
  return joined;
}
