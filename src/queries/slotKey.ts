import type { PictureId } from "../domain/ids.ts"

/**
 * Redis' key of a picture's slot, for all who read, put or forget. The braces keep whatever else is once put beside it on
 * the same server of a cluster.
 */
export const slotKey = (picture: PictureId): string => `marginalia:{${picture}}`
