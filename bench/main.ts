import { runBench } from './harness/bench.ts'

/** `npm run bench`: ours against the raw ceiling, without the peers. */
process.exitCode = await runBench(process.argv.slice(2), async () => [
  { module: new URL('./ours.ts', import.meta.url).href },
  { module: new URL('./season/systems.ts', import.meta.url).href },
  { module: new URL('./harness/raw.ts', import.meta.url).href },
])
