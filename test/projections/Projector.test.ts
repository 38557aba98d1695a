import { projectorContract } from "../contract/projector.ts"
import { engines } from "../engines/databases.ts"
import { projectorOn } from "../support/projection.ts"

for (const engine of engines) projectorContract(engine.name, projectorOn(engine))
