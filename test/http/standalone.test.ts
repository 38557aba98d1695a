import { browsers } from "./contract/browsers.ts"
import { bursts } from "./contract/bursts.ts"
import { clientAddresses } from "./contract/clientAddresses.ts"
import { health, metrics } from "./contract/operations.ts"
import { localPermissions, standalonePermissions } from "./contract/permissions.ts"
import { developmentTokens } from "./contract/tokens.ts"
import { hostileClients } from "./hostile/clients.ts"
import { hostileRequests } from "./hostile/requests.ts"
import { standaloneTarget } from "./standaloneTarget.ts"
import { contract, httpSuite } from "./suite.ts"

httpSuite("The standalone program", standaloneTarget, [
  ...contract,
  browsers,
  bursts,
  clientAddresses,
  health,
  metrics,
  developmentTokens,
  localPermissions,
  standalonePermissions,
  hostileRequests,
  hostileClients
])
