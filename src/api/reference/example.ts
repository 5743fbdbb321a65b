import { changes, keyed, needsIfMatch } from '../../contract/operation.ts'
import type { Described } from './described.ts'
import { optionsOf, type Schema } from './schema.ts'

/**
 * A request one can copy into a terminal: what is said at the beginning of the page ($API, $KEY, $VENDOR) and the ids
 * of what it is about are its variables; everything else stands as it is sent.
 */
const BODIES: { readonly [op: string]: unknown } = {
  'events.send': {
    type: 'inquiry_received',
    key: 'website-4711',
    client: {
      people: [{ ref: 'partner_a', name: 'Anna Ashworth', email: 'anna@example.org' }],
      wedding: { on: '2027-06-12', zone: 'Europe/London' },
    },
  },
  'clients.add': {
    people: [
      { ref: 'partner_a', name: 'Anna Ashworth', email: 'anna@example.org' },
      { ref: 'partner_b', name: 'Ben Okafor' },
    ],
    stage: 'booked',
    wedding: { on: '2027-06-12', zone: 'Europe/London', guests: 90 },
  },
  'clients.change': { stage: 'booked', tags: ['destination'] },
  'clients.people.save': { name: 'Anna Ashworth', email: 'anna@example.org', phone: '+44 20 7946 0018' },
  'clients.import': { text: 'Name,Email,Wedding\nAnna Ashworth,anna@example.org,2027-06-12\n', dates: 'dmy' },
  'clients.import.check': {
    text: 'Name,Email,Wedding\nAnna Ashworth,anna@example.org,2027-06-12\n',
    dates: 'dmy',
  },
  'weddings.change': { anchors: { wedding: { is: 'day', on: '2027-09-04' } } },
  'weddings.preview': { anchors: { wedding: { is: 'day', on: '2027-09-04' } } },
  'journeys.add': { name: 'After the first call', category: 'inquiry' },
  'runs.command': { command: { do: 'snooze', until: '2027-06-01T09:00:00Z' } },
  'runs.command_many': { which: { runs: ['$RUN'] }, command: { do: 'pause' } },
  'runs.count': { which: { like: { status: 'waiting' } } },
  'businesses.open': {
    link: '$LINK',
    person: { name: 'Nell Ashworth', email: 'nell@example.org', password: 'a long enough passphrase' },
    business: { name: 'Alder & Lane', type: 'photographer', zone: 'Europe/London', region: 'GB' },
  },
  'incoming.add': {
    name: 'Website form',
    becomes: {
      type: 'inquiry_received',
      couple: { by: 'email', at: 'email' },
      add: { name: 'name', wedding: 'wedding_date' },
      fields: [{ name: 'message', at: 'message' }],
    },
  },
  'incoming.change': { paused: true },
  'vendors.change': { name: 'Alder & Lane' },
  'brand.change': { accent: '#7a3e48' },
  'brand.preview': { accent: '#7a3e48' },
  'brand.logo.set': { picture: '$PICTURE' },
  'journeys.simulate': { of: 'draft' },
}

/** Values by the name of the field, where a person would write one of them. */
const BY_NAME: { readonly [name: string]: unknown } = {
  ref: 'partner_a',
  name: 'Anna Ashworth',
  email: 'anna@example.org',
  phone: '+44 20 7946 0018',
  password: 'a long enough passphrase',
  zone: 'Europe/London',
  region: 'GB',
  language: 'en',
  type: 'inquiry_received',
  tag: 'destination',
  key: 'first-reply',
  code: '123456',
  host: 'smtp.example.com',
  on: '2027-06-12',
  until: '2027-06-01T09:00:00Z',
  address: 'anna@example.org',
  node: 'welcome',
  link: '$LINK',
  token: '$TOKEN',
}

/** The body of the example; null where nothing is sent. Ids are variables. */
export const exampleBody = ({ op, body }: Described): unknown =>
  body === null ? null : (BODIES[op.id] ?? example(body, ''))

function example(schema: Schema, name: string): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const options = optionsOf(schema)
  if (options.length > 0) return example(options[0]!, name)
  if (schema.format === 'uuid') return variable(name)
  if (schema.type === 'string' && name in BY_NAME) return BY_NAME[name]
  switch (schema.type) {
    case 'string':
      return text(schema)
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1)
    case 'boolean':
      return true
    case 'array':
      return schema.items ? [example(schema.items, name.replace(/s$/, ''))] : []
    case 'object':
      return object(schema)
    default:
      return schema.type === 'null' ? null : {}
  }
}

/** What must be there; where nothing must, the first thing that may. */
function object(schema: Schema): unknown {
  const all = Object.entries(schema.properties ?? {})
  const required = all.filter(
    ([name, one]) => (schema.required ?? []).includes(name) && one.default === undefined,
  )
  const shown = required.length > 0 ? required : all.slice(0, 1)
  return Object.fromEntries(shown.map(([name, one]) => [name, example(one, name)]))
}

function text(schema: Schema): string {
  if (schema.format === 'email') return 'anna@example.org'
  if (schema.format === 'date') return '2027-06-12'
  if (schema.format === 'date-time') return '2027-06-01T09:00:00Z'
  return 'A few words'.padEnd(schema.minLength ?? 0, '.').slice(0, schema.maxLength)
}

const variable = (name: string): string =>
  `$${name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z]+/g, '_')
    .toUpperCase()}`

/** As a path of a shell: `{client}` is $CLIENT. A person's place in the couple is a word. */
const pathOf = (path: string): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'ref' ? 'partner_a' : variable(name)))

export function curl(one: Described): string {
  const { op, asker } = one
  const body = exampleBody(one)
  const query = one.parameters
    .filter(({ in: where, required }) => where === 'query' && required)
    .map(({ name, schema }) => `${name}=${example(schema, name)}`)
    .join('&')
  const headers = [
    ...(asker.is === 'vendor' ? ['authorization: Bearer $KEY'] : []),
    ...(asker.is === 'person' && changes(op) ? ['x-wedsync-csrf: $TOKEN'] : []),
    ...(keyed(op) ? [`idempotency-key: ${op.id}-$(date +%s)`] : []),
    ...(needsIfMatch(op) ? ['if-match: *'] : []),
    ...(body === null ? [] : ['content-type: application/json']),
  ]
  const method = op.method === (body === null ? 'get' : 'post') ? '' : `-X ${op.method.toUpperCase()} `
  const asked = [
    `curl ${method}"$API${pathOf(op.path)}${query && `?${query}`}"`,
    ...(asker.is === 'vendor' ? [] : ['  -b cookies -c cookies']),
    ...headers.map((header) => `  -H "${header}"`),
    ...(body === null ? [] : ['  -d @- <<JSON']),
  ].join(' \\\n')
  return body === null ? asked : `${asked}\n${JSON.stringify(body, null, 2)}\nJSON`
}
