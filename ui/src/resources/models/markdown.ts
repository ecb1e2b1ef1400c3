/** A piece of text within a line. */
export interface Span {
  text: string;
  style: "plain" | "strong" | "emphasis" | "code";
}

export type Block =
  | { kind: "heading"; level: number; spans: Span[] }
  | { kind: "paragraph"; spans: Span[] }
  | { kind: "list"; isOrdered: boolean; items: Span[][] }
  | { kind: "code"; text: string }
  | { kind: "table"; head: Span[][]; rows: Span[][][] };

/**
 * The part of Markdown that model cards use, as plain values. A card comes from outside, so it is never
 * markup: HTML stands as the letters it is, and a link as its words and its address, not to be pressed.
 */
export function parseMarkdown(text: string): Block[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    if (lines[at]?.trim() === "") {
      at += 1;
      continue;
    }
    const [block, n] = readBlock(lines.slice(at));
    blocks.push(block);
    at += n;
  }
  return blocks;
}

const FENCE = /^```/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;
const RULE = /^\s*\|?(\s*:?-{3,}:?\s*\|)+(\s*:?-{3,}:?\s*)?$/;

/** The block at the beginning of the lines, the first of which is not empty, and how many it takes. */
function readBlock(lines: string[]): [Block, number] {
  const [first = "", second = ""] = lines;
  if (FENCE.test(first)) return readCode(lines);
  const heading = HEADING.exec(first);
  if (heading) {
    return [{ kind: "heading", level: heading[1]!.length, spans: parseSpans(heading[2]!) }, 1];
  }
  if (first.includes("|") && RULE.test(second)) return readTable(lines);
  if (ITEM.test(first)) return readList(lines);
  const n = lengthWhile(lines, (line, i) => i === 0 || !beginsBlock(line));
  return [{ kind: "paragraph", spans: parseSpans(joined(lines.slice(0, n))) }, n];
}

const beginsBlock = (line: string) =>
  line.trim() === "" || FENCE.test(line) || HEADING.test(line) || ITEM.test(line);

const joined = (lines: string[]) => lines.map((line) => line.trim()).join(" ");

function lengthWhile(lines: string[], holds: (line: string, i: number) => boolean): number {
  const end = lines.findIndex((line, i) => !holds(line, i));
  return end < 0 ? lines.length : end;
}

function readCode(lines: string[]): [Block, number] {
  const n = lengthWhile(lines.slice(1), (line) => !FENCE.test(line));
  return [{ kind: "code", text: lines.slice(1, n + 1).join("\n") }, n + 2];
}

function readTable(lines: string[]): [Block, number] {
  const n = lengthWhile(lines, (line) => line.includes("|"));
  const rows = lines.slice(0, n).map((line) => cellsOf(line).map(parseSpans));
  return [{ kind: "table", head: rows[0]!, rows: rows.slice(2) }, n];
}

const cellsOf = (line: string) =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

function readList(lines: string[]): [Block, number] {
  const items: string[] = [];
  const n = lengthWhile(lines, (line, i) => ITEM.test(line) || (i > 0 && /^\s+\S/.test(line)));
  for (const line of lines.slice(0, n)) {
    const item = ITEM.exec(line);
    if (item) items.push(item[2]!);
    else items.push(joined([items.pop() ?? "", line]));
  }
  const isOrdered = ITEM.exec(lines[0]!)?.[1] !== undefined;
  return [{ kind: "list", isOrdered, items: items.map(parseSpans) }, n];
}

const STYLES: Record<string, Span["style"]> = { "**": "strong", "*": "emphasis", "`": "code" };

/** Each pair is looked for no farther than to its next mark, so that odd texts take no longer than others. */
const STYLED = /(\*\*)([^*\s](?:[^*]*[^*\s])?)\*\*|(\*)([^*\s](?:[^*]*[^*\s])?)\*|(`)([^`]+)`/g;

export function parseSpans(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const found of text.matchAll(STYLED)) {
    const [mark = "", inner = ""] = found.slice(1).filter((part) => part !== undefined);
    if (found.index > end) spans.push({ text: text.slice(end, found.index), style: "plain" });
    spans.push({ text: inner, style: STYLES[mark] ?? "plain" });
    end = found.index + found[0].length;
  }
  if (end < text.length) spans.push({ text: text.slice(end), style: "plain" });
  return spans;
}
