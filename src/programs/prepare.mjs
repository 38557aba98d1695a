// Runs after an installation. Plain JavaScript, because an older Node may run it, which then has nothing to prepare; and
// whatever goes wrong here only makes the first start slower.
import process from "node:process"

if (Number.parseInt(process.versions.node, 10) >= 24) {
  await import("./prepare.ts").catch((error) => {
    process.stderr.write(`No cluster was prepared, so the first start will take longer: ${error}\n`)
  })
}
