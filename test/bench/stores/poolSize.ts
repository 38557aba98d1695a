/** Connections to PostgreSQL of each store's process. Whoever has more writers lets them wait for one. */
export const poolSize = 20
