import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { diceOf } from './dice.ts'
import { embeddedStorm } from './embedded.ts'
import { pageOf, reportOf } from './report.ts'
import { storm } from './storm.ts'

/**
 * `npm run faults -- [--minutes 2] [--seed n] [--pace couples-per-second] [--json] [--keep]`: real faults over real
 * processes. Three quarters of the time go to the distributed set-up, one to the embedded one. Ends with 1 when a
 * promise was broken or a figure missed; then what everybody logged is kept, and where is said.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string' },
    pace: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const minutes = Number(values.minutes)
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
const pace = Number(values.pace)
if (!(minutes > 0 && pace > 0 && Number.isInteger(seed))) {
  process.stderr.write('--minutes and --pace are numbers above zero, --seed is a whole number.\n')
  process.exit(64)
}
// Told to stop, everything that was started goes too: each process is killed when we exit.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

const EMBEDDED_SHARE = 0.25
const folder = mkdtempSync(path.join(tmpdir(), 'wedsync-storm-'))
chmodSync(folder, 0o711)
const startedAt = performance.now()
const say = (line: string): void =>
  void process.stderr.write(`${Math.round((performance.now() - startedAt) / 1_000)} s  ${line}\n`)

say(`seed ${seed}; everything is logged in ${folder}`)
const dice = diceOf(seed)
const forMs = minutes * 60_000
const wish = { folder, dice, say }
const distributed = await storm({ ...wish, forMs: forMs * (1 - EMBEDDED_SHARE), couplesPerSecond: pace })
say('now the embedded set-up')
const embedded = await embeddedStorm({ ...wish, dice: dice.fork('embedded'), forMs: forMs * EMBEDDED_SHARE })
const report = reportOf(minutes, seed, distributed, embedded)

process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : pageOf(report))
const fine = report.violations.length === 0 && report.missed.length === 0
if (fine && !values.keep) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
else say(`logs and data are kept in ${folder}`)
process.exit(fine ? 0 : 1)
