import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Predicate from "effect/Predicate"
import { isRedactable } from "effect/Redactable"
import { withoutSecrets } from "./withoutSecrets.ts"

// What is logged may be a long list.
const most = 20

/** An error that says no more than it is told to. */
const makeError = (name: string, message: string, frames: string, more: Readonly<Record<string, unknown>>): Error =>
  Object.defineProperty(Object.assign(new Error(message), { name }, more), "stack", {
    value: `${name}: ${message}${frames}`
  })

const textOf = (error: object, field: string): string | undefined => {
  const value = Predicate.hasProperty(error, field) ? error[field] : undefined
  return typeof value === "string" ? value : undefined
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
// What the server says of these is about itself, or about our statements, in which there are no values.
const quotesNothing = /^(?:08|25|28|3D|40|42|53|55|57|58)/

/** What an error says, as far as it doesn't quote what it is about. */
const messageOf = (error: object): string => {
  const message = textOf(error, "message") ?? ""
  const code = textOf(error, "code")
  // Postgres': the message may quote a value; detail, hint, where and query do.
  if (textOf(error, "severity") !== undefined && code !== undefined) {
    const place = textOf(error, "constraint") ?? textOf(error, "column") ?? textOf(error, "table")
    return `SQLSTATE ${code}${place === undefined ? "" : ` (${place})`}` +
      (quotesNothing.test(code) ? `: ${withoutSecrets(message)}` : "")
  }
  // A sentence of ours, without the value, but maybe with an example that looks like a secret.
  if (Predicate.isTagged(error, "SettingRefused")) return message
  // V8's parsers quote what they read.
  if (error instanceof SyntaxError) return "the syntax is wrong"
  // AWS shows the request that a signature is of, with its headers, after an empty line.
  if (Predicate.hasProperty(error, "$metadata")) return withoutSecrets(message.split("\n", 1).join(""))
  // https://nodejs.org/api/errors.html#err_invalid_arg_type
  if (code?.startsWith("ERR_INVALID_ARG") === true) return withoutSecrets(message.replace(/\s*Received .*$/s, ""))
  return withoutSecrets(message)
}

const framesOf = (error: object): string => {
  const message = textOf(error, "message") ?? ""
  // A message of several lines is repeated there, and may look like anything.
  const frames = (textOf(error, "stack") ?? "").replace(message, "").split("\n").filter((line) =>
    /^ {4}at .*(?::\d+:\d+|native|<anonymous>)\)?$/.test(line)
  )
  return frames.map((line) => `\n${line}`).join("")
}

const causesOf = (error: object): ReadonlyArray<unknown> =>
  ["cause", "reason", "lastNodeError"].flatMap((field) => {
    const cause = Predicate.hasProperty(error, field) ? error[field] : undefined
    return Predicate.isObject(cause) || (field === "cause" && typeof cause === "string") ? [cause] : []
  })

// An error of ours, or of effect's, says what it is about in plain fields; a driver's has whatever it was asked for.
const fieldsOf = (error: object): Readonly<Record<string, unknown>> => {
  const isTagged = Predicate.hasProperty(error, "_tag")
  return Object.fromEntries(
    Object.entries(error).flatMap(([field, value]: [string, unknown]): ReadonlyArray<readonly [string, unknown]> => {
      if (field === "message" || field === "name" || field === "stack" || field === "cause") return []
      if (!isTagged && field !== "code") return []
      if (typeof value === "string") return [[field, withoutSecrets(value)]]
      return typeof value === "number" || typeof value === "boolean" ? [[field, value]] : []
    })
  )
}

// A message that repeats that of a cause repeats what it quotes.
const withoutTheirs = (message: string, causes: ReadonlyArray<unknown>): string =>
  causes.filter(Predicate.isObject).reduce<string>((message, cause) => {
    const theirs = textOf(cause, "message") ?? ""
    return theirs === "" ? message : message.replaceAll(theirs, messageOf(cause))
  }, message)

const loggableError = (error: object, within: ReadonlyArray<object>): Error => {
  // A chain of causes may be a ring.
  const causes = causesOf(error).filter((cause) => !within.some((one) => one === cause))
  const [cause] = causes
  const message = messageOf(error) === textOf(error, "message")
    ? withoutTheirs(messageOf(error), causes)
    : messageOf(error)
  const errors = error instanceof AggregateError ? { errors: loggable(error.errors, within) } : {}
  return makeError(textOf(error, "name") ?? "Error", message, framesOf(error), {
    ...fieldsOf(error),
    ...errors,
    ...(cause === undefined ? {} : { cause: loggable(cause, within) })
  })
}

const nameOf = (value: object): string => typeof value.constructor === "function" ? value.constructor.name : "object"

const loggableObject = (value: object, within: ReadonlyArray<object>): unknown => {
  if (isRedactable(value)) return value
  if (value instanceof Error) return loggableError(value, within)
  if (Array.isArray(value)) return value.slice(0, most).map((one) => loggable(one, within))
  const prototype: unknown = Object.getPrototypeOf(value)
  // What has a class of its own may hold anything, and says what it is by its name.
  if (prototype !== Object.prototype && prototype !== null) return `<${nameOf(value)}>`
  return Object.fromEntries(
    Object.entries(value).slice(0, most).map(([field, one]) => [field, loggable(one, within)])
  )
}

/**
 * A value as a log may have it. Of an error that is its name, its message, its frames and its causes, without what a driver
 * adds: the rows, statements and commands that it was about, which hold passwords and what people wrote. What a secret can
 * be known by is left out of every text.
 */
export const loggable = (value: unknown, within: ReadonlyArray<object> = []): unknown => {
  if (typeof value === "string") return withoutSecrets(value)
  if (typeof value !== "object" || value === null) return value
  if (within.includes(value)) return "…"
  return Cause.isCause(value) ? Cause.pretty(loggableCause(value)) : loggableObject(value, [...within, value])
}

/** A cause as a log may have it. */
export const loggableCause = (cause: Cause.Cause<unknown>): Cause.Cause<unknown> =>
  Cause.fromReasons(cause.reasons.map((reason) => {
    if (Cause.isInterruptReason(reason)) return reason
    const safe = Cause.isFailReason(reason)
      ? Cause.makeFailReason(loggable(reason.error))
      : Cause.makeDieReason(loggable(reason.defect))
    return safe.annotate(Context.makeUnsafe(new Map(reason.annotations)))
  }))
