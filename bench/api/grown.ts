import type { ClientId, RunId, VendorId, WeddingId } from '../../src/core/ids.ts'
import { addDays } from '../../src/core/time/calendar.ts'
import type { LocalDate, Zone } from '../../src/core/time/local.ts'
import { localDateOf } from '../../src/core/time/zone.ts'
import type { CoupleRow } from '../../src/engine/couple-sheet.ts'
import { type Engine, shardOf } from '../../src/engine/engine.ts'
import { importCouples } from '../../src/engine/import-couples.ts'
import { publish } from '../../src/engine/publish.ts'
import { fillSample } from '../../src/sample/load.ts'
import type { Session } from '../../src/store/sql.ts'
import { TEMPLATES, written } from '../../src/templates/templates.ts'
import { openStudio, type Studio } from '../../test/api/studio.ts'

/** Those that hang on a date would begin for everybody at once: a couple is on a handful of journeys, not on twenty. */
const NOT_BY_DATE = TEMPLATES.filter((one) =>
  written(one, {}, new Set()).nodes.every((node) => node.kind !== 'trigger' || node.type !== 'date'),
)

/** More journeys, as a studio collects them: paused, so that who is added now begins none of them. */
async function moreJourneys(engine: Engine, admin: Session, vendor: VendorId, count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) {
    const template = NOT_BY_DATE[number % NOT_BY_DATE.length]!
    const document = written(template, {}, new Set())
    const key = `${template.key}-season-${number}`
    const named = { ...document, name: `${document.name}, season ${number}` }
    await publish(engine, vendor, { key, document: named, by: 'member:bench' })
    await admin.query(`update app.journey set status = 'paused' where vendor_id = $1 and key = $2`, [
      vendor,
      key,
    ])
  }
}

function rowsOf(today: LocalDate, count: number): CoupleRow[] {
  return Array.from({ length: count }, (_, n) => ({
    line: n + 2,
    reference: `grown-${n}`,
    emails: [],
    couple: {
      people: [
        { ref: 'partner_a', name: `Nina Grown${n}`, email: `nina${n}@couples.example` },
        { ref: 'partner_b', name: `Otto Grown${n}` },
      ],
      stage: n % 3 === 0 ? 'after' : 'booked',
      wedding: {
        on: addDays(today, (n % 700) - 340),
        zone: 'Europe/London',
        region: 'GB',
        guests: 40 + (n % 120),
      },
    },
  }))
}

/** What the forty lived through, again for others: whole rows, under other ids. Letters keep no words of theirs. */
async function copyHistories(
  engine: Engine,
  admin: Session,
  vendor: VendorId,
  from: readonly ClientId[],
  to: readonly { client: ClientId; wedding: WeddingId | null }[],
): Promise<void> {
  const at = engine.clock.now()
  const runs = await admin.query<{ run_id: RunId; client_id: ClientId }>(
    `select run_id, client_id from app.run where vendor_id = $1 and status in ('completed', 'cancelled')`,
    [vendor],
  )
  const of = Map.groupBy(runs, (one) => one.client_id)
  const pairs = to.flatMap(({ client, wedding }, index) =>
    (of.get(from[index % from.length]!) ?? []).map(({ run_id: old }) => {
      const run = engine.rng.uuid7(at) as RunId
      return { old, run, client, wedding, shard: shardOf(run) }
    }),
  )
  await admin.query(
    'create temp table copied (old uuid, run uuid, client uuid, wedding uuid, shard smallint)',
    [],
  )
  await admin.query(
    'insert into copied select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::smallint[])',
    [
      pairs.map((one) => one.old),
      pairs.map((one) => one.run),
      pairs.map((one) => one.client),
      pairs.map((one) => one.wedding),
      pairs.map((one) => one.shard),
    ],
  )
  const its = { run_id: 'm.run', client_id: 'm.client', shard: 'm.shard' }
  await copyRows(admin, 'run', { ...its, wedding_id: 'm.wedding' })
  await copyRows(admin, 'run_log', its)
  await copyRows(admin, 'task', its)
  await copyRows(admin, 'effect', {
    ...its,
    effect_id: 'gen_random_uuid()',
    effect_key: `decode(md5(random()::text) || md5(random()::text), 'hex')`,
  })
  await admin.query('drop table copied', [])
}

async function copyRows(
  admin: Session,
  table: string,
  instead: { readonly [column: string]: string },
): Promise<void> {
  const columns = await admin.query<{ name: string }>(
    `select column_name as name from information_schema.columns
      where table_schema = 'app' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position`,
    [table],
  )
  const names = columns.map((one) => one.name)
  const values = names.map((name) => instead[name] ?? `t.${name}`)
  const conflict = table === 'run' ? 'on conflict do nothing' : ''
  const join =
    table === 'run'
      ? 't.run_id = m.old'
      : 't.run_id = m.old and exists (select from app.run r where r.run_id = m.run)'
  await admin.query(
    `insert into app.${table} (${names.join(', ')}) select ${values.join(', ')} from app.${table} t join copied m on ${join} ${conflict}`,
    [],
  )
}

export type Book = {
  /** The forty of the sample, whose journeys run. */
  readonly forty: readonly ClientId[]
  readonly size: { readonly runs: number; readonly logs: number; readonly effects: number }
}
export type Grown = Book & { readonly studio: Studio }

export async function growStudio(
  couples: number,
  journeys: number,
  say: (text: string) => void,
): Promise<Grown> {
  const studio = await openStudio()
  const { house, admin } = studio.office
  const book = await grow(house.engine, admin, studio.vendor as VendorId, couples, journeys, say)
  // As where a worker runs: what was due when the couples came is done, and nothing is years late.
  await studio.settle()
  await admin.query('analyze', [])
  return { studio, ...book }
}

/**
 * The sample's season in one's own book, grown to the size that figures are promised for: more couples, more
 * journeys and, for every couple, what forty couples lived through.
 */
export async function grow(
  engine: Engine,
  admin: Session,
  vendor: VendorId,
  couples: number,
  journeys: number,
  say: (text: string) => void,
): Promise<Book> {
  await fillSample(engine, vendor)
  say('the season of forty couples is there')
  await moreJourneys(engine, admin, vendor, journeys - 4)
  const forty = (
    await admin.query<{ client_id: ClientId }>(
      'select client_id from app.client where vendor_id = $1 order by client_id',
      [vendor],
    )
  ).map((one) => one.client_id)
  const rows = rowsOf(localDateOf(engine.clock.now(), 'Europe/London' as Zone), couples - forty.length)
  await importCouples(engine, vendor, 'grown', rows)
  say(`${couples} couples and ${journeys} journeys are there`)
  const grown = await admin.query<{ client: ClientId; wedding: WeddingId | null }>(
    'select client_id as client, wedding_id as wedding from app.client where vendor_id = $1 and client_id <> all ($2::uuid[])',
    [vendor, forty],
  )
  await copyHistories(engine, admin, vendor, forty, grown)
  await admin.query('analyze', [])
  const [size] = await admin.query<Book['size']>(
    `select (select count(*)::int from app.run where vendor_id = $1) as runs,
            (select count(*)::int from app.run_log where vendor_id = $1) as logs,
            (select count(*)::int from app.effect where vendor_id = $1) as effects`,
    [vendor],
  )
  say(`and what they lived through: ${JSON.stringify(size)}`)
  return { forty, size: size! }
}
