/** A table in Markdown: the first row is its head; the first so many columns stand to the left, all others to the right. */
export const table = (
  [head = [], ...rows]: ReadonlyArray<ReadonlyArray<string>>,
  left = 1
): string => {
  const line = (cells: ReadonlyArray<string>) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
  const rule = line(head.map((_, column) => column < left ? "---" : "---:"))
  return [line(head), rule, ...rows.map(line)].join("\n")
}
