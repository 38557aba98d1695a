const jsonFrames = new URL("../profile/jsonFrames.mjs", import.meta.url).href

/** What has Node leave V8's profiles of a program's threads in a folder when it ends; nothing if there is no folder. */
export const profiling = (folder: string | undefined): ReadonlyArray<string> =>
  folder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${folder}`, "--import", jsonFrames]
