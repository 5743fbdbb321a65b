import type { z } from 'zod'
import { addIncoming, type listIncoming } from '../../../../contract/incoming.ts'
import { type Becomes, type CallRefused, readCall, tellCallRefusal } from '../../../../core/incoming.ts'
import { triggerTypes } from '../../../../triggers/definitions.ts'
import type { Seen } from '../../../api.ts'

/** An address as it is being written: what it will be, and what is wrong with it so far. */
export type Address = Seen<typeof listIncoming>['data']['items'][number]
export type Draft = { readonly name: string; readonly becomes: Becomes; readonly networks: string[] }

export const newDraft: Draft = {
  name: '',
  becomes: {
    type: 'inquiry_received',
    event: null,
    couple: { by: 'email', at: 'email', system: null },
    add: { name: 'name', email: null, phone: 'phone', wedding: 'wedding_date' },
    fields: [{ name: 'message', at: 'message', sealed: true }],
  },
  networks: [],
}

export const EXAMPLE = `{
  "name": "Anna Ashworth",
  "email": "anna@example.org",
  "wedding_date": "2028-06-10",
  "message": "We met in Rome."
}`

const NOT_TOLD = new Set([
  'client_added',
  'form_submitted',
  'stage_changed',
  'tag_changed',
  'wedding_date_changed',
])
/** What another system can tell; what the house notices by itself is not among it. */
export const TOLD = triggerTypes.flatMap(({ listensTo, label }) =>
  listensTo === null || listensTo === 'manual' || NOT_TOLD.has(listensTo)
    ? []
    : [
        {
          value: listensTo,
          label: listensTo === 'inbound_webhook' ? 'Whatever a journey makes of it' : label,
        },
      ],
)
export const toldAs = ({ type, event }: Becomes): string =>
  event === null
    ? (TOLD.find(({ value }) => value === type)?.label ?? type.replaceAll('_', ' '))
    : `“${event}”`

/** By the path of the field: `becomes.couple.at`. */
export type Wrong = { readonly [path: string]: string }
export function wrongIn(draft: Draft): Wrong {
  const parsed = (addIncoming.body as z.ZodType).safeParse(draft)
  if (parsed.success) return {}
  return Object.fromEntries(
    parsed.error.issues
      .map(({ path, message, code }) => [
        path[0] === 'networks' ? 'networks' : path.join('.'),
        code === 'too_small'
          ? 'This is missing.'
          : message.replace(/^Invalid string: must match.*/, 'Small letters, digits and _.'),
      ])
      .reverse(),
  ) as Wrong
}

/** What the house would read in such a call, in words; with what is wrong where it would be refused. */
export function triedOn(
  becomes: Becomes,
  text: string,
): { readonly reads: readonly string[] } | { readonly refused: string } {
  const read = readCall(becomes, parsedOrNull(text))
  if ('refused' in read) return { refused: told(read.refused) }
  const { whom, add, data, personal } = read.read
  if (add?.name === '') return { refused: told({ why: 'name_missing', field: becomes.add?.name ?? null }) }
  const words = Object.keys(personal)
  return {
    reads: [
      `About ${whom.by === 'email' ? 'the couple with the address' : 'the couple known as'} ${whom.value}.`,
      ...(add
        ? [
            `If nobody is: ${[add.name, add.email, add.phone, add.wedding && `wedding on ${add.wedding}`].filter(Boolean).join(', ')}.`,
          ]
        : []),
      ...Object.entries(data).map(([name, value]) => `${name}: ${String(value)}`),
      ...(words.length > 0 ? [`Kept sealed: ${words.join(', ')}.`] : []),
    ],
  }
}
const told = ({ why, field }: CallRefused): string => tellCallRefusal(why, field)

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
