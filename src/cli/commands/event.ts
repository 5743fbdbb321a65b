import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { eventRequestSchema } from '../../contract/events.ts'
import type { ClientId, Json } from '../../core/ids.ts'
import type { Problem } from '../../core/problem.ts'
import { Refusal } from '../../core/refusal.ts'
import { addCouple, type NewCouple } from '../../engine/clients.ts'
import { findClient } from '../../engine/find-clients.ts'
import { type Receipt, receive } from '../../engine/receive.ts'
import type { House } from '../../main.ts'
import { triggerTypes } from '../../triggers/definitions.ts'
import { dateText, ofVendor, pair, teach } from '../teach.ts'
import { give } from '../terminal.ts'
import { vendorFor } from '../whose.ts'
import { withHouse } from '../with-house.ts'

type Options = {
  json?: boolean
  vendor?: string
  client?: string
  partner?: string[]
  email?: string[]
  wedding?: string
  zone?: string
  key?: string
  data?: Record<string, string>
}

/** What journeys can begin by, as far as somebody outside can tell of it. */
const KNOWN = triggerTypes.flatMap(({ listensTo }) =>
  listensTo && listensTo !== 'custom_event' ? [listensTo] : [],
)

/** Says that something happened, as a website or a CRM would. */
export function event(program: Command): void {
  teach(
    ofVendor(
      program
        .command('event <type>')
        .description(
          'Tell that something happened with a couple: journeys begin or go on by it. The answer lists which, and why the others did not.',
        )
        .option('--client <id, e-mail or name>', 'a couple that is known')
        .option('--partner <name...>', 'or a new couple: one or two names')
        .option('--email <address...>', 'their addresses, in the same order')
        .option('--wedding <date>', 'their wedding day', dateText)
        .option('--zone <zone>', 'the zone of the venue')
        .option('--data <name=value>', 'a fact that conditions may ask for; as often as needed', pair)
        .option('--key <key>', 'your own key of this event: the same key again changes nothing'),
    ),
    {
      examples: [
        'wedsync event inquiry_received --partner "Anna Ashworth" "Ben Birch" --email anna@example.org --wedding 2027-06-12 --zone Europe/London',
        'wedsync event contract_signed --client anna@example.org --data package=gold',
      ],
      more: `What can happen: ${KNOWN.join(', ')}; or custom_event with --data name=… for events of your own systems.`,
      next: '"wedsync run list --client <…>" shows where the couple is now.',
    },
  ).action((type: string, options: Options) =>
    withHouse(async (house) => {
      const { engine } = house
      const vendor = await vendorFor(engine, options.vendor)
      const key = options.key ?? randomUUID()
      const known =
        options.client === undefined ? null : (await findClient(engine, vendor.id, options.client)).client_id
      const request = readRequest(type, key, known, options)
      const added =
        known === null
          ? await addCouple(engine, vendor.id, coupleOf(options) as NewCouple, { source: 'cli:couple', key })
          : null
      const client = known ?? added!.client
      // A couple that becomes known has told so itself.
      const receipt =
        added && type === 'client_added'
          ? added.receipt
          : both(added?.receipt, await tell(house, vendor.id, client, request))
      give(options.json, { ...receipt, client }, lines(receipt, client))
    }),
  )
}

/** What the couple's arrival began belongs to the answer as well. */
const both = (arrival: Receipt | undefined, receipt: Receipt): Receipt =>
  arrival
    ? { ...receipt, started: [...arrival.started, ...receipt.started], not: [...arrival.not, ...receipt.not] }
    : receipt

function coupleOf({ partner = [], email = [], wedding, zone }: Options): unknown {
  const refs = ['partner_a', 'partner_b']
  return {
    people: partner.map((name, index) => ({
      ref: refs[index] ?? `guest:${index}`,
      name,
      ...(email[index] ? { email: email[index] } : {}),
    })),
    ...(wedding || zone
      ? { wedding: { ...(wedding ? { on: wedding } : {}), ...(zone ? { zone } : {}) } }
      : {}),
  }
}

function readRequest(type: string, key: string, known: ClientId | null, options: Options) {
  if (known !== null && options.partner)
    throw new Refusal('invalid', 'Say either --client (a couple that is known) or --partner (a new one).')
  if (known === null && !options.partner)
    throw new Refusal(
      'invalid',
      'Say whom it is about: --client <id, e-mail or name>, or --partner <name> for a new couple.',
    )
  const data = Object.fromEntries(
    Object.entries(options.data ?? {}).map(([name, text]) => [name, factOf(text)]),
  )
  const parsed = eventRequestSchema.safeParse({ type, key, client: known ?? coupleOf(options), data })
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(
    (issue): Problem => ({
      code: 'invalid',
      severity: 'error',
      path: issue.path.join('.'),
      message: issue.message,
    }),
  )
  throw new Refusal('invalid', 'This event is not valid; nothing was changed.', {}, problems)
}

const factOf = (text: string): Json =>
  text === 'true' ? true : text === 'false' ? false : /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text

const tell = (
  { engine }: House,
  vendor: Parameters<typeof receive>[1],
  client: ClientId,
  request: ReturnType<typeof readRequest>,
): Promise<Receipt> =>
  receive(engine, vendor, {
    source: 'cli',
    key: request.key,
    type: request.type,
    client,
    data: (request.data ?? {}) as never,
  })

function lines(receipt: Receipt, client: ClientId): string[] {
  const nothing = receipt.started.length + receipt.woken.length + receipt.not.length === 0
  return [
    `${receipt.duplicate ? 'Known already' : 'Recorded'} for couple ${client}.`,
    ...receipt.started.map((one) => `  began ${one.journey}: run ${one.run}`),
    ...receipt.woken.map((run) => `  woke run ${run}`),
    ...receipt.not.map((one) => `  did not begin ${one.journey}: ${one.why}`),
    ...(nothing ? ['  No journey listens to it.'] : []),
  ]
}
