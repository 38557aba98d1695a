import { projectorContract } from "../../../contract/projector.ts"
import { projectorOver } from "../../../support/projection.ts"
import { simulatedReadModel } from "./simulatedReadModel.ts"

projectorContract("the simulated Postgres", projectorOver(simulatedReadModel("projector")))
