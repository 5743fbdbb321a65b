import path from 'node:path'
import { superviseWorkers } from '../../src/queue/supervisor.ts'

/** A supervisor that is going to be killed: it says which children it has. */
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const supervisor = superviseWorkers({
  entry: path.join(import.meta.dirname, 'worker-program.ts'),
  env: process.env,
  log: quiet,
})
await supervisor.scale(2)
const timer = setInterval(() => {
  const pids = supervisor.reports().map((one) => one.pid)
  if (pids.length < 2) return
  clearInterval(timer)
  process.send?.(pids)
}, 20)
