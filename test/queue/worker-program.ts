import { whenToldToStop } from '../../src/cli/told-to-stop.ts'
import { instant } from '../../src/core/time/instant.ts'
import { reportToSupervisor } from '../../src/queue/report.ts'

/** A worker process as far as its supervisor can see: it reports, crashes or will not stop when it is told so. */
const mode = process.argv[2] ?? 'good'
if (mode === 'crash') process.exit(3)
const stats = {
  turns: 1,
  sends: 2,
  rings: 0,
  sweeps: 0,
  progressAt: instant(0),
  sweptAt: instant(0),
  shards: [],
  seatsTaken: 0.75,
}
reportToSupervisor({ stats })
const alive = setInterval(() => undefined, 1_000)
whenToldToStop(async () => {
  if (mode === 'stubborn') await new Promise(() => undefined)
  clearInterval(alive)
})
