import { Schema } from "effect"
import type { Attribute, Attributes } from "../../src/events/dynamoAttributes.ts"

const AttributeSchema: Schema.Codec<Attribute> = Schema.suspend(() =>
  Schema.Union([
    Schema.Struct({ S: Schema.String }),
    Schema.Struct({ N: Schema.String }),
    Schema.Struct({ B: Schema.Uint8Array }),
    Schema.Struct({ BOOL: Schema.Boolean }),
    Schema.Struct({ NULL: Schema.Literal(true) }),
    Schema.Struct({ L: Schema.mutable(Schema.Array(AttributeSchema)) }),
    Schema.Struct({ M: Schema.Record(Schema.String, AttributeSchema) })
  ])
)

/** An item as the SDK gives it. Throws where there is none, or where it has attributes that this project never writes. */
export const decodeAttributes: (item: unknown) => Attributes = Schema.decodeUnknownSync(
  Schema.Record(Schema.String, AttributeSchema),
  { onExcessProperty: "error" }
)
