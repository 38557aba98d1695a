import * as Schema from "effect/Schema"

/** Another program, or another start of this one, has the directory. */
export class DataDirectoryInUse extends Schema.TaggedError<DataDirectoryInUse>()("DataDirectoryInUse", {
  directory: Schema.String
}) {
  override get message(): string {
    return `The data directory ${this.directory} is in use by another program. Stop that program first, or choose another directory.`
  }
}

/** The directory can't be created, or nothing can be written in it. */
export class DataDirectoryUnwritable extends Schema.TaggedError<DataDirectoryUnwritable>()("DataDirectoryUnwritable", {
  directory: Schema.String,
  why: Schema.String
}) {
  override get message(): string {
    return `The data directory ${this.directory} can't be written to: ${this.why}.`
  }
}

/** A later version of the program has written the directory. */
export class DataDirectoryTooNew extends Schema.TaggedError<DataDirectoryTooNew>()("DataDirectoryTooNew", {
  directory: Schema.String,
  format: Schema.Int,
  newest: Schema.Int
}) {
  override get message(): string {
    return (
      `The data directory ${this.directory} was written by a newer version of this program ` +
      `(its format is ${this.format}, this version knows up to ${this.newest}). Use that version, or choose another directory.`
    )
  }
}

/** What says how the directory is laid out can't be understood. */
export class DataDirectoryCorrupt extends Schema.TaggedError<DataDirectoryCorrupt>()("DataDirectoryCorrupt", {
  directory: Schema.String,
  why: Schema.String
}) {
  override get message(): string {
    return `The data directory ${this.directory} is damaged: ${this.why}. Restore it from a copy, or choose another directory.`
  }
}
