const HAN = /\p{Script=Han}/u;

/** What stands for a name in a small circle: two initials, or a Chinese name's last character. */
export function initials(name: string): string {
  const trimmed = name.trim();
  if (HAN.test(trimmed)) return [...trimmed].at(-1) ?? "";
  const words = trimmed.split(/[\s·_-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("");
}

/** One of five tints, the same for the same name. */
export function tintOf(name: string): number {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return (hash % 5) + 1;
}
