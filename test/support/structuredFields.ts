import { assert } from "@effect/vitest"

/** An item of a list: a string, and its parameters. */
export interface StringItem {
  readonly value: string
  readonly parameters: Readonly<Record<string, number>>
}

const item = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"((?:; *[a-z*][a-z0-9_.*-]*=-?\d{1,15})*)$/

/** A list of strings whose parameters are integers, as RFC 9651 has it (sections 3.1, 3.3.3 and 3.3.1), and nothing else. */
export const stringItemsOf = (field: string | undefined): ReadonlyArray<StringItem> => {
  assert.isDefined(field)
  return (field ?? "").split(/[\t ]*,[\t ]*/).map((member) => {
    const [, value = "", parameters = ""] = item.exec(member) ?? assert.fail(`not a string with parameters: ${member}`)
    return {
      value: value.replace(/\\(.)/g, "$1"),
      parameters: Object.fromEntries(
        parameters.split(/; */).slice(1).map((one) => {
          const [name = "", number = ""] = one.split("=")
          return [name, Number(number)] as const
        })
      )
    }
  })
}
