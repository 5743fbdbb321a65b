import { backupIsWell } from '../../api/operating.ts'
import { HOUR_MS } from '../../core/time/instant.ts'
import { checkRecord } from '../../engine/seal-audit.ts'
import { look } from '../../engine/watch.ts'
import { replanningForZones, type ZoneDataState, zoneDataOf } from '../../engine/zone-data.ts'
import type { House } from '../../main.ts'
import { backupState } from '../../operate.ts'
import { lastBackup } from '../../store/backups.ts'
import { allVendors } from '../../store/journeys.ts'
import { type Backlog, backlogOf, type Noticed, noticesOf } from '../../store/stuck.ts'
import { liveWorkers } from '../../store/workers.ts'
import type { Tell } from '../progress.ts'
import { count } from '../terminal.ts'
import { type Finding, lookAt, mend, well } from './finding.ts'

/** What is in hand: progress made, not processes up (I12). */
const VENDORS_AT_ONCE = 200

export async function work(house: House, tell: Tell): Promise<Finding[]> {
  return [
    sending(house),
    ...(await workers(house)),
    ...(await backlog(house)),
    await record(house, tell),
    ...plansAndZones(await zoneDataOf(house.engine), await replanningForZones(house.engine)),
    await backups(house),
  ]
}

/** The waits that stand were derived with one release of the zone data, and this program knows one. */
export function plansAndZones({ is, plans, runtime }: ZoneDataState, running: number): Finding[] {
  switch (is) {
    case 'same':
      return [well('plans', `What waits was planned with zone data ${plans}, as this program has them.`)]
    case 'newer':
      return [
        lookAt(
          'plans',
          `What waits was planned with zone data ${plans}; this program has ${runtime}. ${running > 0 ? `${count(running, 'business', 'businesses')} being planned anew.` : 'A worker plans it anew within a minute of its start.'}`,
          'Let a worker run; what it does goes on where it stood if it is cut off.',
        ),
      ]
    case 'older':
      return [
        mend(
          'plans',
          `What waits was planned with zone data ${plans}; this program has only ${runtime} and would plan new waits by it.`,
          'Update the runtime of this program to the one the others have.',
        ),
      ]
    case 'unknown':
      return []
  }
}

function sending({ config, sending: on, installation }: House): Finding {
  const id = installation.installation_id
  if (on) return well('sending', `On, for installation ${id}.`)
  if (config.sendingFor !== null)
    return mend(
      'sending',
      `Off: WEDSYNC_SENDING names ${config.sendingFor}, this is ${id}.`,
      `WEDSYNC_SENDING=${id}, if this is the installation that shall write to couples.`,
    )
  return lookAt(
    'sending',
    `Off: what falls due goes to the captured mailbox. This is installation ${id}.`,
    `WEDSYNC_SENDING=${id} switches it on.`,
  )
}

async function workers({ engine, joined, embedded }: House): Promise<Finding[]> {
  const live = await liveWorkers(engine.db, engine.clock.now())
  if (live.length > 0)
    return [
      well(
        'workers',
        `${count(live.length, 'worker')} alive: ${live.map((one) => `${one.host} ${one.pid}`).join(', ')}.`,
      ),
    ]
  if (joined) return [well('workers', 'The program that runs on this data does the work.')]
  return [
    lookAt(
      'workers',
      'Nobody works at the moment.',
      embedded ? 'wedsync start' : 'wedsync start, or wedsync worker beside it',
    ),
  ]
}

async function backlog({ engine, joined }: House): Promise<Finding[]> {
  const found = await look(engine)
  const sum = await sums(engine)
  const noticed = await notices(engine)
  const late = found.lateRuns.length + found.lateEffects.length
  const more = late >= 500 ? 'at least ' : ''
  const working = joined || (await liveWorkers(engine.db, engine.clock.now())).length > 0
  const nobody = working ? mend : lookAt
  return [
    late === 0
      ? well('backlog', 'Nothing is overdue.')
      : nobody(
          'backlog',
          `${more}${count(late, 'row')} due for more than two minutes and taken by nobody.`,
          working
            ? 'The worker is up and does not work: look at its log, and start it again.'
            : 'Start the program: it takes them at once.',
        ),
    ...found.silentWorkers.map((one) =>
      mend(
        'workers',
        `Process ${one.pid} on ${one.host} holds a lease and has done nothing for ${Math.round(one.silentMs / 1_000)} s.`,
        'Start it again; what it had in hand is taken over.',
      ),
    ),
    ...(found.still.length === 0
      ? [standing(sum, noticed)]
      : [
          mend(
            'runs',
            `${count(found.still.length, 'run')} can be moved by nothing, such as ${found.still[0]?.run_id}.`,
            'The watchman mends what he can each minute while the program runs; else: wedsync run restart <id>',
          ),
        ]),
    ...inNumbers(sum),
    noticed.length === 0
      ? well('notices', 'None is open.')
      : lookAt(
          'notices',
          `${count(sum.open_notices, 'notice')} open: ${noticed.map((one) => `${one.notices} ${one.code.replaceAll('_', ' ')}`).join(', ')}.`,
          'They are on Today.',
        ),
  ]
}

/** Forgotten is one thing, waiting for a person because something went wrong another. */
export function standing(sum: Pick<Backlog, 'stuck'>, noticed: readonly Noticed[]): Finding {
  const waiting = Math.max(sum.stuck, ...noticed.map((one) => one.runs))
  return waiting === 0
    ? well('runs', 'No run stands still.')
    : lookAt(
        'runs',
        `None is forgotten, but ${count(waiting, 'run')} at least cannot go on without a person.`,
        'They are on Today; wedsync run list shows why.',
      )
}

function inNumbers(sum: Backlog): Finding[] {
  return [
    sum.stuck === 0
      ? well('stuck', 'No step is stuck.')
      : mend(
          'stuck',
          `${count(sum.stuck, 'run')} stuck at a step.`,
          'wedsync run list shows why; mend the cause, then wedsync run retry <id>',
        ),
    sum.dead_letters === 0
      ? well('dead letters', 'None.')
      : mend(
          'dead letters',
          `${count(sum.dead_letters, 'message')} undelivered, ${sum.unresolved} of them unresolved.`,
          'wedsync dead-letters list',
        ),
    sum.unknown === 0
      ? well('unknown', 'No send whose outcome nobody knows.')
      : lookAt(
          'unknown',
          `${count(sum.unknown, 'send')} whose outcome nobody knows; they are being settled.`,
        ),
    sum.open_tasks_late === 0
      ? well('tasks', 'None is late.')
      : lookAt('tasks', `${count(sum.open_tasks_late, 'task')} past their date.`, 'A person has to do them.'),
  ]
}

async function sums(engine: House['engine']): Promise<Backlog> {
  const vendors = (await allVendors(engine.db)).map((row) => row.vendor_id)
  const total: Backlog = {
    stuck: 0,
    dead_letters: 0,
    unknown: 0,
    unresolved: 0,
    open_notices: 0,
    open_tasks_late: 0,
  }
  for (let at = 0; at < vendors.length; at += VENDORS_AT_ONCE) {
    const page = vendors.slice(at, at + VENDORS_AT_ONCE)
    const part = await engine.db.tx('doctor.backlog', { vendors: page }, (sql) =>
      backlogOf(sql, page, engine.clock.now()),
    )
    for (const name of Object.keys(total) as (keyof Backlog)[]) total[name] += part[name]
  }
  return total
}

async function notices(engine: House['engine']): Promise<Noticed[]> {
  const vendors = (await allVendors(engine.db)).map((row) => row.vendor_id)
  const total = new Map<string, Noticed>()
  for (let at = 0; at < vendors.length; at += VENDORS_AT_ONCE) {
    const page = vendors.slice(at, at + VENDORS_AT_ONCE)
    for (const one of await engine.db.read('doctor.notices', { vendors: page }, (sql) =>
      noticesOf(sql, page),
    )) {
      const { notices = 0, runs = 0 } = total.get(one.code) ?? {}
      total.set(one.code, { code: one.code, notices: notices + one.notices, runs: runs + one.runs })
    }
  }
  return [...total.values()]
}

/** The whole record of everybody is read once. */
async function record({ engine }: House, tell: Tell): Promise<Finding> {
  let [sealed, found] = [0, 0]
  const touched: string[] = []
  const vendors = await allVendors(engine.db)
  for (const [index, { vendor_id, name }] of vendors.entries()) {
    tell(index, vendors.length)
    const check = await checkRecord(engine, vendor_id, [])
    sealed += check.sealed
    found += check.found
    if (check.found > 0) touched.push(name)
  }
  return found === 0
    ? well('record', `${count(sealed, 'change')} sealed, none was altered.`)
    : mend(
        'record',
        `${count(found, 'alteration')} of the record of changes, at ${touched.slice(0, 5).join(', ')}.`,
        'wedsync audit verify names them; ask who may write to the database.',
      )
}

async function backups({ engine, config }: House): Promise<Finding> {
  const [last, state] = await Promise.all([lastBackup(engine.db), backupState(engine, config)])
  const fix = config.backups
    ? `The running program makes one every ${count(config.backups.everyHours, 'hour')} into ${config.backups.folder}; its log says what hinders it. By hand: wedsync backup create <file>`
    : 'wedsync backup create <file>, every night; or WEDSYNC_BACKUP_FOLDER, and the program does it'
  const hindered = state.trouble === null ? '' : ` The last try gave none: ${state.trouble}`
  if (last === null)
    return state.needed
      ? mend('backup', `No backup was ever made.${hindered}`, fix)
      : well('backup', 'Nothing to lose yet.')
  const hours = (state.ageMs ?? 0) / HOUR_MS
  const says = `The last is ${hours < 1 ? 'less than an hour' : count(Math.floor(hours), 'hour')} old (${last.file}${state.proved ? ', proved' : ', not proved'}).${hindered}`
  return backupIsWell(state) ? well('backup', says) : mend('backup', says, fix)
}
