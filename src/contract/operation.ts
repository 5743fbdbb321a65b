import { z } from 'zod'
import type { Permission } from './permission.ts'
import type { ProblemCode } from './problem.ts'

/**
 * One thing that can be asked of the API, said once: the routes, the OpenAPI document and the typed client are made
 * from it. What every operation may answer (see `commonProblems`) is not repeated.
 */
export type Shape = z.ZodObject
export type Operation<
  Path extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends Shape | null = Shape | null,
  Answer extends z.ZodType = z.ZodType,
> = {
  readonly id: string
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Under /api/v1; `{name}` is a parameter of `params`. */
  readonly path: string
  readonly summary: string
  /** A permission at the vendor of the path; a person who is signed in, for whomever they work; or anybody. */
  readonly needs: Permission | 'person' | 'nobody'
  readonly params: Path
  readonly query: Query
  /** Null where nothing is sent. */
  readonly body: Body
  readonly answer: Answer
  readonly status: 200 | 201 | 202 | 204
  readonly problems: readonly ProblemCode[]
  /**
   * The answer carries an ETag (`gives`); a change must say with If-Match which state it means, and answers with the
   * new one (`needs`) or with something else (`asks`).
   */
  readonly etag: 'gives' | 'needs' | 'asks' | null
  /** A question with a body: it changes nothing, needs no Idempotency-Key and leaves no audit. */
  readonly onlyLooks: boolean
  /** What the answer gives is kept nowhere: the same Idempotency-Key again says so instead of repeating it. */
  readonly shownOnce: boolean
  /** The body names the request itself: the same name again changes nothing, and no Idempotency-Key is needed. */
  readonly namesItself: boolean
  /** Whoever sits at an open session gives the password once more; a program has none to give (security T19). */
  readonly provesPerson: boolean
  /** As how many requests it counts: what takes the house long is asked seldom (security T21). */
  readonly weight: number
  /** Asked before the app is there: its answer is drawn first, and checked when the browser has time. */
  readonly drawnFirst: boolean
  /** An account's operation, which no other can repeat by accident (signing in twice is signing in). */
  readonly group: string
}

const nothing = z.strictObject({})
export type Nothing = typeof nothing
export const done = z.null()

type Given<P extends Shape, Q extends Shape, B extends Shape | null, A extends z.ZodType> = Pick<
  Operation,
  'id' | 'method' | 'path' | 'summary' | 'needs'
> &
  Partial<
    Pick<
      Operation,
      'status' | 'problems' | 'etag' | 'shownOnce' | 'provesPerson' | 'onlyLooks' | 'namesItself' | 'weight'
    >
  > & {
    readonly params?: P
    readonly query?: Q | (() => Q)
    readonly body?: B
    /** Told by a function where it is drawn first: a phone then draws before it makes what checks it. */
    readonly answer: A | (() => A)
  }

export function operation<
  A extends z.ZodType,
  P extends Shape = Nothing,
  Q extends Shape = Nothing,
  B extends Shape | null = null,
>({ answer, query = nothing as unknown as Q, ...given }: Given<P, Q, B, A>): Operation<P, Q, B, A> {
  const made = { answer: once(answer), query: once(query) }
  return {
    get answer() {
      return made.answer()
    },
    get query() {
      return made.query()
    },
    params: nothing as unknown as P,
    body: null as B,
    status: 200,
    problems: [],
    etag: null,
    shownOnce: false,
    provesPerson: false,
    onlyLooks: false,
    namesItself: false,
    weight: 1,
    drawnFirst: typeof answer === 'function',
    group: given.id.split('.')[0] ?? given.id,
    ...given,
  }
}

function once<S extends z.ZodType>(shape: S | (() => S)): () => S {
  let made: S | undefined = typeof shape === 'function' ? undefined : shape
  return () => {
    made ??= (shape as () => S)()
    return made
  }
}

export const changes = (one: Operation): boolean => one.method !== 'get'
export const givesEtag = (one: Operation): boolean => one.etag === 'gives' || one.etag === 'needs'
export const needsIfMatch = (one: Operation): boolean => one.etag === 'needs' || one.etag === 'asks'
/** Changes of a vendor are kept under an Idempotency-Key; what makes something new cannot do without. */
export const keyed = (one: Operation): boolean =>
  changes(one) && isOfVendor(one) && !one.onlyLooks && !one.namesItself
export const needsKey = (one: Operation): boolean => keyed(one) && one.method === 'post'
export const isOfVendor = (one: Operation): boolean => one.needs !== 'person' && one.needs !== 'nobody'

/** What every request may be told, whatever it asks. */
export const PROBLEMS_OF_ALL: readonly ProblemCode[] = [
  'invalid',
  'too_many',
  'too_large',
  'unexpected',
  'setup',
]

/** What a request of its kind may be told, without each operation saying so. */
export function problemsOf(one: Operation): readonly ProblemCode[] {
  const common: ProblemCode[] = [...PROBLEMS_OF_ALL]
  if (one.needs !== 'nobody') common.push('unauthorised')
  if (one.needs !== 'nobody' && one.needs !== 'person') common.push('address_not_allowed')
  if (isOfVendor(one)) common.push('forbidden', 'not_found')
  if (changes(one)) common.push('cross_site')
  if (keyed(one)) common.push('key_reused', 'conflict')
  if (needsKey(one)) common.push('key_missing')
  if (one.shownOnce) common.push('already_answered')
  if (needsIfMatch(one)) common.push('if_match_missing', 'changed_meanwhile')
  return [...new Set([...common, ...one.problems])]
}

export const ofVendor = z.strictObject({ vendor: z.uuid().describe('The business.') })
export const uuid = z.uuid()
/** A moment: ISO 8601 in UTC. */
export const moment = z.iso.datetime()

/** Where an operation `provesPerson`. */
export const password = z
  .string()
  .min(1)
  .max(128)
  .optional()
  .describe('Yours, once more, where you are signed in. A program with a key gives none.')

/** Everything at once as a table, for a spreadsheet: what is asked for with the password and stands in the record. */
export const EXPORT_ROWS_MAX = 20_000
export const exported = z.object({
  csv: z.string().describe('With a first line of names; no cell is one that a spreadsheet would run.'),
  rows: z.int(),
  complete: z
    .boolean()
    .describe(`False when there were more than ${EXPORT_ROWS_MAX.toLocaleString('en')} rows.`),
})

export const PAGE_MAX = 200
export const pageQuery = z.strictObject({
  cursor: z.string().min(1).max(400).optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50).describe('How many to a page.'),
})
/** A page, and where the next one begins: null at the end. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().describe('Where the next page begins; null at the end.'),
  })
