import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The project's folder. */
export const project = fileURLToPath(new URL("../../../", import.meta.url)).replace(/\/$/, "")

/** What the check makes; git ignores it, and it can be deleted at any time. */
export const infraFolder = join(project, ".infra")

/** The templates as the SAM translator leaves them, one JSON file for each, its intrinsic functions kept. */
export const transformedFolder = join(infraFolder, "transformed")

/** The same with conditions worked out, one JSON file for each branch that the conditions can take. */
export const branchesFolder = join(infraFolder, "branches")

/** What `sam build` leaves. */
export const buildFolder = join(infraFolder, "build")
