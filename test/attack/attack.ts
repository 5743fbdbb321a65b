import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { whoAmI } from '../../src/contract/accounts.ts'
import { openApi } from '../../src/contract/openapi.ts'
import { needsIfMatch, type Operation } from '../../src/contract/operation.ts'
import { documented as said } from '../../src/contract/operations.ts'
import { type Canary, canaryBusiness, furnished, type Mighty, mightyBusiness } from '../accounts/canary.ts'
import { type Office, openOffice, PASSWORD, URL_HERE } from '../accounts/office.ts'
import { waiting } from '../api/studio.ts'
import { knockAtDoors } from './doors.ts'
import { fromSchema, type JsonSchema, type Known } from './from-schema.ts'
import { hostileText, nearly } from './hostile.ts'

/**
 * The API as its published document tells of it, asked everything that can be asked by somebody who means well, who
 * errs, who means ill, and who has got hold of a neighbour's ids.
 */
export const MANNERS = ['valid', 'near', 'hostile', 'swapped'] as const
export type Manner = (typeof MANNERS)[number]

export type Findings = {
  readonly requests: number
  readonly seconds: number
  readonly byStatus: Readonly<Record<string, number>>
  /** By operation, how often it answered well: an attack that never gets in proves little. */
  readonly answered: Readonly<Record<string, number>>
  /** What should not be, each with what brings it about. */
  readonly wrong: readonly string[]
}

type Documented = {
  readonly op: Operation
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: JsonSchema }[]
  readonly body: JsonSchema | null
  readonly answers: ReadonlyMap<number, ValidateFunction | null>
}

/** Only from the document: what is not written there cannot be relied on by anybody. */
function documented(): Documented[] {
  const document = JSON.parse(JSON.stringify(openApi(said, 'attacked')))
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  formats.default(ajv as never)
  ajv.addSchema(document, 'api')
  return said.map((op) => {
    const told = document.paths[op.path][op.method]
    const at = `api#/paths/${pointer(op.path)}/${op.method}/responses`
    return {
      op,
      parameters: told.parameters,
      body: told.requestBody?.content['application/json'].schema ?? null,
      answers: new Map(
        Object.entries<{ content?: Record<string, unknown> }>(told.responses).map(([status, answer]) => {
          const kind = Object.keys(answer.content ?? {})[0]
          const schema = kind && ajv.getSchema(`${at}/${status}/content/${pointer(kind)}/schema`)
          if (kind && !schema) throw new Error(`no schema for ${op.id} ${status}`)
          return [Number(status), schema || null]
        }),
      ),
    }
  })
}

const pointer = (name: string): string => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))

type Side = { readonly mighty: Mighty; ids: Canary['ids']; readonly vendor: string }
type Asking = {
  readonly manner: Manner
  readonly who: 'owner' | 'key' | 'stranger'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** After so many rounds one's own house is furnished anew: much of it has been changed or ended by then. */
const FURNISH_AFTER_ROUNDS = 16
/** One in so many is somebody at a door that the document does not open. */
const REQUESTS_PER_KNOCK = 8
/** As several people and programs at once would ask. */
const AT_ONCE = 8

export async function attack(count: number, seed: number): Promise<Findings> {
  const office = await openOffice()
  try {
    return await attackOffice(office, count, seed)
  } finally {
    await office.close()
  }
}

async function attackOffice(office: Office, count: number, seed: number): Promise<Findings> {
  const began = performance.now()
  const mighty = await mightyBusiness(office, 'Mine')
  const mine: Side = { mighty, vendor: mighty.vendor, ids: {} }
  const theirs = await canaryBusiness(office)
  const before = await rowsOf(office, theirs.vendor)
  const all = documented()
  const byStatus: Record<string, number> = {}
  const answered: Record<string, number> = Object.fromEntries(all.map(({ op }) => [op.id, 0]))
  const wrong: string[] = []
  let requests = 0
  let made = new Map<string, Asking[]>()
  const knocks = Math.ceil(count / REQUESTS_PER_KNOCK)
  for (let round = 0; requests < count - knocks; round += 1) {
    if (round % FURNISH_AFTER_ROUNDS === 0) {
      mine.ids = { ...mine.ids, ...(await furnished(office, mighty, `Mine${round}`)).ids }
      made = new Map()
    }
    const asked = all.map((one, at) => {
      const manner = MANNERS[(round + at) % MANNERS.length]!
      const kind = `${one.op.id} ${manner}`
      if (!made.get(kind)?.length)
        made.set(
          kind,
          fc.sample(askingOf(one, manner, mine, theirs), {
            seed: seed + requests + at,
            numRuns: FURNISH_AFTER_ROUNDS / MANNERS.length,
          }),
        )
      return { one, asking: made.get(kind)!.pop()! }
    })
    for (const some of chunks(asked, AT_ONCE))
      await Promise.all(
        some.map(async ({ one, asking }) => {
          const response = await send(office, mine, one.op, asking)
          const text = await response.text()
          byStatus[response.status] = (byStatus[response.status] ?? 0) + 1
          if (response.ok) answered[one.op.id] = (answered[one.op.id] ?? 0) + 1
          for (const what of faultsOf(one, asking, response, text, theirs))
            wrong.push(`${what}: ${told(one.op, asking)} → ${response.status} ${text.slice(0, 400)}`)
        }),
      )
    requests += all.length
    if (!(await stillIn(mighty))) await comeBack(mighty)
  }
  const after = await rowsOf(office, theirs.vendor)
  if (after !== before)
    wrong.push(`the neighbour's rows are not what they were:\n${difference(before, after)}`)
  const doors = await knockAtDoors(office, mighty, theirs, knocks, seed)
  wrong.push(...doors.wrong)
  for (const [answer, times] of Object.entries(doors.byStatus)) {
    byStatus[answer] = times
    requests += times
  }
  // That somebody knocked at their door is noted there, and nothing else of it.
  const quiet = (rows: string) => rows.split('\n').filter((line) => !line.startsWith('app.incoming_call '))
  const touched = difference(quiet(after).join('\n'), quiet(await rowsOf(office, theirs.vendor)).join('\n'))
  if (touched !== '') wrong.push(`a knock at the neighbour's door left more than a note:\n${touched}`)
  return { requests, seconds: (performance.now() - began) / 1_000, byStatus, answered, wrong }
}

/** Signing out and ending sessions are operations like others; who did it comes in again. */
async function comeBack(mighty: Mighty): Promise<void> {
  mighty.browser.cookies.clear()
  const { is } = await mighty.browser.signIn(mighty.email, PASSWORD)
  if (is !== 'signed_in') throw new Error(`the attacker cannot sign in any more: ${is}`)
}
const stillIn = (mighty: Mighty): Promise<boolean> =>
  mighty.browser.api(whoAmI, {}).then(
    () => true,
    () => false,
  )
const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))

/** These would lock the attacker out of their own house, or change what the attack stands on. */
const SPARED = new Set([
  'session.end',
  'sessions.end',
  'members.remove',
  'members.change',
  'keys.revoke',
  'passwords.reset',
  'second_factor.begin',
  // A season passes in the background for as long as the attack does, and takes its time from it.
  'sample.load',
])

function askingOf(one: Documented, manner: Manner, mine: Side, theirs: Canary): fc.Arbitrary<Asking> {
  const ids = manner === 'swapped' ? theirs.ids : mine.ids
  const known: Known = (name, schema) => {
    // Whoever was asked for the password once more gives it now and then: hashing it takes its time.
    if (name === 'password' && one.op.provesPerson && manner !== 'hostile')
      return fc.constantFrom(PASSWORD, 'not it', 'nor this', 'x')
    if (name === 'document') return fc.constantFrom<unknown>(waiting(0), waiting(9), {}, { nodes: [] })
    if (manner !== 'hostile') {
      if (name === 'zone') return fc.constantFrom('Europe/London', 'Europe/Rome', 'America/New_York')
      if (name === 'region') return fc.constantFrom('GB', 'IT', 'US')
    }
    const id = ids[name] ?? ids[name.replace(/s$/, '')]
    if (schema.format === 'uuid' && id) return fc.oneof({ arbitrary: fc.constant(id), weight: 4 }, fc.uuid())
    return null
  }
  const vendor = manner === 'swapped' ? fc.constantFrom(mine.vendor, theirs.vendor) : fc.constant(mine.vendor)
  const givenFor = (name: string, schema: JsonSchema): fc.Arbitrary<unknown> => {
    const own = ids[name]
    const good =
      name === 'vendor' ? vendor : own === undefined ? fromSchema(schema, known, name) : fc.constant(own)
    return manner === 'hostile' ? fc.oneof(good, hostileText) : good
  }
  const inPath = fc.record(
    Object.fromEntries(
      one.parameters.filter((p) => p.in === 'path').map((p) => [p.name, givenFor(p.name, p.schema)]),
    ),
  )
  const inQuery = fc.record(
    Object.fromEntries(
      one.parameters.filter((p) => p.in === 'query').map((p) => [p.name, givenFor(p.name, p.schema)]),
    ),
    { requiredKeys: one.parameters.filter((p) => p.in === 'query' && p.required).map((p) => p.name) },
  )
  const valid = one.body === null ? null : fromSchema(one.body, known)
  const body: fc.Arbitrary<string | null> =
    valid === null
      ? fc.constant(null)
      : manner === 'valid' || manner === 'swapped'
        ? valid.map((value) => JSON.stringify(value))
        : manner === 'near'
          ? nearly(valid).map((value) => JSON.stringify(value) ?? '')
          : fc.oneof(
              nearly(nearly(valid)).map((value) => JSON.stringify(value) ?? ''),
              hostileText,
              fc.constantFrom('{', '[1,]', '{"a":1,"a":2}', '"'.repeat(9), '['.repeat(5_000), 'ÿþ', '{}'),
            )
  return fc
    .record({
      path: inPath,
      query: inQuery,
      body,
      who: fc.constantFrom<Asking['who'][]>('owner', 'owner', 'owner', 'owner', 'key', 'key', 'stranger'),
      ifMatch: manner === 'hostile' ? hostileText : fc.constantFrom('*', '"stale"'),
      key: manner === 'hostile' ? hostileText : fc.uuid(),
      unkeyed: fc.nat({ max: 9 }),
    })
    .map((made) => ({
      manner,
      who: SPARED.has(one.op.id) && made.who === 'owner' ? 'stranger' : made.who,
      path: addressOf(one.op, made.path, made.query),
      headers: headersOf(one.op, made, manner),
      body: made.body,
    }))
}

function addressOf(op: Operation, path: Record<string, unknown>, query: Record<string, unknown>): string {
  const filled = op.path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(path[name]))
  const asked = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  return `/api/v1${filled}${asked.length > 0 ? `?${asked.join('&')}` : ''}`
}
const encoded = (value: unknown): string => encodeURIComponent(String(value).toWellFormed())

function headersOf(
  op: Operation,
  made: {
    readonly ifMatch: string
    readonly key: string
    readonly unkeyed: number
    readonly body: string | null
  },
  manner: Manner,
): Record<string, string> {
  const careless = manner !== 'valid' && manner !== 'swapped' && made.unkeyed === 0
  const headers: Record<string, string> = {}
  if (made.body !== null) headers['content-type'] = careless ? 'text/plain' : 'application/json'
  if (!careless) headers['idempotency-key'] = headerSafe(made.key)
  if (needsIfMatch(op) || manner === 'hostile') headers['if-match'] = headerSafe(made.ifMatch)
  return headers
}
/** What a client can put into a header at all. */
const headerSafe = (text: string): string =>
  text
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
    .trim()
    .slice(0, 8_000)

async function send(office: Office, mine: Side, op: Operation, asking: Asking): Promise<Response> {
  const request = new Request(URL_HERE + asking.path, {
    method: op.method.toUpperCase(),
    headers: asking.headers,
    ...(asking.body === null || op.method === 'get' ? {} : { body: asking.body }),
  })
  if (asking.who === 'key') {
    request.headers.set('authorization', `Bearer ${mine.mighty.key}`)
    return office.front.fetch(request)
  }
  if (asking.who === 'stranger') {
    request.headers.set('sec-fetch-site', 'same-origin')
    return office.front.fetch(request)
  }
  request.headers.set('sec-fetch-site', 'same-origin')
  request.headers.set('x-wedsync-csrf', mine.mighty.browser.csrf)
  return mine.mighty.browser.fetch(request)
}

function faultsOf(
  one: Documented,
  asking: Asking,
  response: Response,
  text: string,
  theirs: Canary,
): string[] {
  const faults: string[] = []
  const { status } = response
  if (status >= 500) faults.push('a fault of the server')
  const isUnchanged = status === 304
  if (!one.answers.has(status) && !isUnchanged) faults.push('an undocumented status')
  const shape = one.answers.get(status)
  if (shape) {
    let body: unknown
    try {
      body = JSON.parse(text)
      if (!shape(body)) faults.push(`another shape than documented (${JSON.stringify(shape.errors?.[0])})`)
    } catch {
      faults.push('not JSON')
    }
  } else if (text !== '') faults.push('a body where none is documented')
  const wanted = status < 400 ? 'application/json' : 'application/problem+json'
  if (text !== '' && !response.headers.get('content-type')?.startsWith(wanted))
    faults.push(`sent as ${response.headers.get('content-type')}`)
  const asked = asking.path + (asking.body ?? '')
  const secrets = [theirs.vendor, ...Object.values(theirs.ids).filter((id) => id.length === 36)]
  if (/canary/i.test(text)) faults.push('it speaks of the neighbour')
  if (secrets.some((id) => text.includes(id) && !asked.includes(id))) faults.push('an id of the neighbour')
  if (status < 400 && asking.path.includes(theirs.vendor)) faults.push('it answers for the neighbour')
  if (asking.who === 'stranger' && status < 400 && one.op.needs !== 'nobody')
    faults.push('it answers a stranger')
  return faults
}

const told = (op: Operation, asking: Asking): string =>
  `${op.id} (${asking.manner}, ${asking.who}) ${op.method.toUpperCase()} ${asking.path.slice(0, 300)} ${JSON.stringify(asking.headers).slice(0, 200)} ${asking.body?.slice(0, 500) ?? ''}`

/** Every row of every table that belongs to a vendor, as text. */
async function rowsOf(office: Office, vendor: string): Promise<string> {
  const tables = await office.admin.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.columns
     join information_schema.tables using (table_schema, table_name)
     where table_schema in ('app', 'accounts') and column_name = 'vendor_id' and table_type = 'BASE TABLE' order by 1`,
  )
  const lines: string[] = []
  for (const { name } of tables)
    for (const row of await office.admin.query(
      `select * from ${name} where vendor_id = $1 order by 1, 2, 3`,
      [vendor],
    ))
      lines.push(`${name} ${JSON.stringify(row)}`)
  return lines.join('\n')
}

function difference(before: string, after: string): string {
  const was = new Set(before.split('\n'))
  const is = new Set(after.split('\n'))
  return [
    ...[...was].filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...[...is].filter((line) => !was.has(line)).map((line) => `+ ${line}`),
  ]
    .slice(0, 10)
    .join('\n')
}
