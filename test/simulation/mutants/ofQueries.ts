import type { Mutant } from "./Mutant.ts"

/** Bugs in the cache, in what keeps it right, and in what waits for the read model. */
export const mutantsOfQueries: ReadonlyArray<Mutant> = [
  {
    name: "invalidation",
    guarantee: "After a batch the cache forgets the pictures that it touched.",
    file: "src/projections/invalidation.ts",
    find: "if (pictures.length === 0) return 0",
    replace: "if (pictures.length >= 0) return 0"
  },
  {
    name: "invalidation after a redelivered batch",
    guarantee: "The cache forgets the pictures of a batch also when it changes nothing because it came before.",
    file: "src/projections/triage.ts",
    find: "      if (pictureId !== null) pictures.push(pictureId)\n",
    replace: ""
  },
  {
    name: "invalidation after the commit",
    guarantee: "The cache forgets after the rows have changed, and not before.",
    file: "src/projections/Projector.ts",
    find: `    const done = yield* apply([...ready, ...healing], positions)
    const projected = both({ ...nothingProjected, skipped, pictures }, done.projected)
    const invalidationsFailed = yield* invalidate(cache, projected.pictures)
`,
    replace: `    const touched = [...ready, ...healing].flatMap(({ commits, stream }) => [
      positions.get(stream)?.pictureId,
      ...commits.flatMap(({ events }) => events.map((event) => event?.data?.pictureId))
    ])
    const known = touched.filter((picture) => typeof picture === "string")
    const invalidationsFailed = yield* invalidate(cache, Array.from(new Set([...pictures, ...known])))
    const done = yield* apply([...ready, ...healing], positions)
    const projected = both({ ...nothingProjected, skipped, pictures }, done.projected)
`
  },
  {
    name: "put under its own generation",
    guarantee: "An answer is put into the cache only under the generation that its miss was given.",
    file: "src/queries/PictureSlots.ts",
    find: "if (slot?.generation !== generation) return false",
    replace: "if (slot === undefined) return false"
  },
  {
    name: "minted generations",
    guarantee: "The miss mints a generation that was never used before.",
    file: "src/queries/PictureSlots.ts",
    find: "String(++this.#minted)",
    replace: `"1"`
  },
  {
    name: "time to live",
    guarantee: "What a lost invalidation leaves in the cache is gone 30 s after its miss.",
    file: "src/queries/PictureSlots.ts",
    find: "if (age < 0 || age >= timeToLive) {",
    replace: "if (age < 0) {"
  },
  {
    name: "no put extends the time to live",
    guarantee: "The time to live runs from the miss, and no put extends it.",
    file: "src/queries/PictureSlots.ts",
    find: "    entries.set(key, { hit: Lookup.Hit({ answer, generation }), bytes })\n",
    replace: "    entries.set(key, { hit: Lookup.Hit({ answer, generation }), bytes })\n    slot.mintedAt = now\n"
  },
  {
    name: "bypass",
    guarantee: "A query that has waited for a token reads the read model itself, and not the cache.",
    file: "src/queries/CommentQueries.ts",
    find: "return fresh ? Effect.suspend(read) : throughCache(",
    replace: "return throughCache("
  },
  {
    name: "wait for the version itself",
    guarantee: "An answer with a token reflects the token's version, and not only the one before.",
    file: "src/queries/positionRequirement.ts",
    find: "version > (positions.get(stream)?.version ?? 0))",
    replace: "version > (positions.get(stream)?.version ?? 0) + 1)"
  },
  {
    name: "every token",
    guarantee: "An answer reflects all the commands whose tokens the request carries.",
    file: "src/api/handlers/consistency.ts",
    find: "tokens.success.filter(concerns)",
    replace: "tokens.success.filter(concerns).slice(0, 1)"
  },
  {
    name: "tokens of authors' lists",
    guarantee: "A page of what an author wrote waits for the tokens that concern the author.",
    file: "src/api/handlers/queryHandlers.ts",
    find: "            yield* awaitFreshness(waiter, headers, ofAuthor(author))\n",
    replace: ""
  },
  {
    name: "tokens of other pictures",
    guarantee: "A query ignores tokens that can't concern it, be their streams parked.",
    file: "src/api/handlers/consistency.ts",
    find: "tokens.success.filter(concerns)",
    replace: "tokens.success"
  },
  {
    name: "waiters leave",
    guarantee: "Who waits for the read model is forgotten however the wait ends.",
    file: "src/queries/PositionWaiter.ts",
    find: `    Effect.sync(() => {
      waiters.delete(waiter)
      if (caller`,
    replace: `    Effect.sync(() => {
      if (caller`
  }
]
