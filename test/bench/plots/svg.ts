/** What an attribute may be. */
type Attributes = Readonly<Record<string, string | number>>

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" }

/** Text as it may stand in XML, in attributes too. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? "")

const shown = (value: string | number): string =>
  typeof value === "number" ? String(Number(value.toFixed(2))) : escaped(value)

/** An element with what is in it, which is XML already. */
export const element = (name: string, attributes: Attributes, ...content: ReadonlyArray<string>): string => {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${shown(value)}"`).join("")
  return content.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${content.join("")}</${name}>`
}

/** Some text at a place. */
export const label = (text: string, x: number, y: number, attributes: Attributes = {}): string =>
  element("text", { x, y, ...attributes }, escaped(text))

export const line = (x1: number, y1: number, x2: number, y2: number, kind: string): string =>
  element("line", { x1, y1, x2, y2, class: kind })

/** The colours of so many sides or series: told apart also by those who see few of them (Okabe and Ito). */
export const colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"] as const

export const colourOf = (index: number): string => colours[index % colours.length] ?? colours[0]

// It brings its own paper, and follows the reader's choice of light or dark.
const style = `
  svg { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; }
  .paper { fill: #ffffff; } text { fill: #24292f; } .title { font-size: 14px; font-weight: 600; }
  .grid { stroke: #d0d7de; stroke-width: 1; } .axis { stroke: #57606a; stroke-width: 1; }
  .whisker { stroke: #24292f; stroke-width: 1.25; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117; } text { fill: #e6edf3; } .grid { stroke: #30363d; } .axis { stroke: #8b949e; }
    .whisker { stroke: #e6edf3; }
  }`

/** A whole picture with its title, which is also what is read to those who don't see it. */
export const picture = (title: string, width: number, height: number, content: ReadonlyArray<string>): string =>
  element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, role: "img" },
    element("title", {}, escaped(title)),
    element("style", {}, escaped(style)),
    element("rect", { width, height, class: "paper" }),
    label(title, 16, 24, { class: "title" }),
    ...content
  ) + "\n"

/** The names of sides or series with their colours, from a place on to the right. */
export const legend = (names: ReadonlyArray<string>, x: number, y: number): string => {
  let at = x
  return names.map((name, index) => {
    const mark = element("rect", { x: at, y: y - 9, width: 10, height: 10, rx: 2, fill: colourOf(index) })
    const text = label(name, at + 15, y)
    at += 34 + name.length * 6.6
    return mark + text
  }).join("")
}
