import type { SectionDefinition } from "./SectionDefinition.ts"

// A new section is a file that exports `section`, and a line here, in the order of the report. Each is loaded only where it is
// asked for.
const files: Readonly<Record<string, () => Promise<{ readonly section: SectionDefinition }>>> = {
  crud: () => import("../crud/section.ts"),
  stores: () => import("../stores/section.ts"),
  growth: () => import("../growth/section.ts"),
  bare: () => import("./bareSection.ts"),
  profile: () => import("../profile/section.ts")
}

/** The names of all sections, in the order of the report. */
export const sectionNames: ReadonlyArray<string> = Object.keys(files)

/** Loads a section by its name. Rejects if there is none of that name. */
export const findSection = async (name: string): Promise<SectionDefinition> => {
  const file = Object.hasOwn(files, name) ? files[name] : undefined
  if (file === undefined) throw new Error(`There is no section ${name}. There are: ${sectionNames.join(", ")}.`)
  return (await file()).section
}
