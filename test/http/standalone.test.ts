import { operations } from "./contract/operations.ts"
import { developmentTokens } from "./contract/tokens.ts"
import { standaloneTarget } from "./standaloneTarget.ts"
import { contract, httpSuite } from "./suite.ts"

httpSuite("The standalone program", standaloneTarget, [...contract, operations, developmentTokens])
