/** Text as it may stand in a cell of a table. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ")

/** A table, its first column to the left and all others to the right. */
export const markdownTable = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): ReadonlyArray<string> => [
  `| ${head.map(cell).join(" | ")} |`,
  `| ${head.map((_, index) => index === 0 ? "---" : "---:").join(" | ")} |`,
  ...rows.map((row) => `| ${row.map(cell).join(" | ")} |`)
]

/** Lines of text, no longer than the repository's own, at spaces. */
export const wrapped = (text: string, width = 120): string => {
  const lines: Array<string> = []
  for (const word of text.split(" ")) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.join("\n")
}

/** A list of sentences. */
export const bullets = (sentences: ReadonlyArray<string>): ReadonlyArray<string> =>
  sentences.map((sentence) => wrapped(`- ${sentence}`).replaceAll("\n", "\n  "))
