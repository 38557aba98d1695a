import { stackMachines } from "../engines/stackEngines.ts"
import { replaying } from "../programs/replaying.ts"
import { browsers } from "./contract/browsers.ts"
import { bursts } from "./contract/bursts.ts"
import { health } from "./contract/operations.ts"
import { localPermissions } from "./contract/permissions.ts"
import { developmentTokens } from "./contract/tokens.ts"
import { hostileClients } from "./hostile/clients.ts"
import { hostileRequests } from "./hostile/requests.ts"
import { stackTarget } from "./stackTarget.ts"
import { contract, httpSuite } from "./suite.ts"

for (const machine of stackMachines) {
  httpSuite(`The local stack on ${machine}`, stackTarget, [
    ...contract,
    browsers,
    bursts,
    health,
    developmentTokens,
    localPermissions,
    hostileRequests,
    hostileClients,
    replaying
  ])
}
