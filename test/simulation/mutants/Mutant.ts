/** A deliberate bug: the removal of one guarantee of the system. */
export interface Mutant {
  /** A few words in lower case, unlike those of any other. */
  readonly name: string
  /** What the system promises, and doesn't keep with this bug. */
  readonly guarantee: string
  /** The file with the bug, as a path in the repository. */
  readonly file: string
  /** A text that occurs in that file exactly once. */
  readonly find: string
  /** What stands there instead. It needn't fit the types, which are stripped before anything runs. */
  readonly replace: string
}

/** The file's text with the bug in it. Throws where the place isn't there exactly once: then the table is out of date. */
export const mutated = ({ file, find, name, replace }: Mutant, text: string): string => {
  const places = text.split(find).length - 1
  if (places !== 1) throw new Error(`the mutant ${JSON.stringify(name)} finds its place ${places} times in ${file}`)
  return text.replace(find, () => replace)
}
