import { MutationCache, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query'
import { type Answered, connect, type Input, Refused } from '../contract/connect.ts'
import type { Operation } from '../contract/operation.ts'
import { whoAmI } from '../contract/session.ts'
import { rememberBusiness, takeEarly } from './early.ts'
import { afterFirstPaint, onItsWay } from './shell/after-first-paint.ts'
import { reportUnreachable } from './shell/connection.ts'

/**
 * How the app speaks to its server: the operations of the contract, with what a browser adds to them. What is read
 * is kept by operation and input; what is changed goes out under one key, however often the line breaks.
 */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** Bound to the session; given with it, sent with every change. */
let token = ''
/** Everything that was read came after this: from here on changes are to be heard. */
let beginning: string | null = null
export const readSince = (): string | null => beginning
const KEY_BYTES = 16
const NOTHING = 204
const AGAIN_AFTER_MS = 600

export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(KEY_BYTES))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')

export const api = connect({
  base: location.origin,
  newKey,
  whenDrawn: (work) => void afterFirstPaint(work),
  headers: () => (token ? { 'x-wedsync-csrf': token } : ({} as Record<string, string>)),
  fetch: async (request) => {
    const again = mayBeSentAgain(request) ? request.clone() : null
    const ask = () => takeEarly(request) ?? fetch(request)
    const answer = await (request.method === 'GET' ? onItsWay(ask) : ask()).catch((cause: unknown) => {
      if (again) return sendAgain(again)
      reportUnreachable()
      throw new Unreachable('The server did not answer.', { cause })
    })
    // Asked before it was known who is here, about a business that is not theirs: nobody looks at it.
    if (request.method === 'GET' && answer.status === NOTHING) throw new Error('The guess was wrong.')
    return answer
  },
})

/** Reading changes nothing, and a key makes sure that a change is made once. */
const mayBeSentAgain = (request: Request): boolean =>
  request.method === 'GET' || request.headers.has('idempotency-key')

async function sendAgain(request: Request): Promise<Response> {
  await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS))
  try {
    return await fetch(request)
  } catch (cause) {
    reportUnreachable()
    throw new Unreachable('The server did not answer.', { cause })
  }
}

export const isRefused = (error: unknown, ...codes: readonly string[]): error is Refused =>
  error instanceof Refused && (codes.length === 0 || codes.includes(error.problem.code))

/** Null when nobody is signed in. */
export type WhoIsHere = Answered<typeof whoAmI>['data']
export const whoIsHere = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<WhoIsHere | null> => {
    try {
      const { data } = await api(whoAmI, {})
      token = data.csrf
      beginning ??= data.cursor
      rememberBusiness(data.memberships[0]?.vendor)
      return data
    } catch (error) {
      if (isRefused(error, 'unauthorised')) {
        rememberBusiness(undefined)
        return null
      }
      throw error
    }
  },
  staleTime: 60_000,
})

/** Whoever finds that the session is over, the whole app hears it: the shell leads to the door and back. */
export function heard(error: unknown): void {
  if (isRefused(error, 'unauthorised')) queries.setQueryData(whoIsHere.queryKey, null)
  // Another tab signed in as somebody else and the token is theirs now; or a role has changed, or one was let go.
  if (isRefused(error, 'cross_site', 'forbidden', 'not_found'))
    void queries.invalidateQueries({ queryKey: whoIsHere.queryKey })
}

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: heard }),
  mutationCache: new MutationCache({ onError: heard }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What was refused will be refused again, and what broke the line was tried twice already.
      retry: (failures, error) => isRefused(error, 'unexpected', 'too_many') && failures < 2,
      refetchOnWindowFocus: true,
    },
  },
})

export type Seen<O extends Operation> = Pick<Answered<O>, 'data' | 'etag'>

/** A question for `useQuery`, kept under the operation and what it was asked with. */
export const asks = <O extends Operation>(op: O, input: Input<O>) =>
  queryOptions({
    queryKey: [op.id, input] as const,
    queryFn: async (): Promise<Seen<O>> => {
      const { data, etag } = await api(op, input)
      return { data, etag }
    },
  })

/** What these operations answered is asked again wherever it is on the screen. */
export const askAgain = (...ops: readonly Operation[]): Promise<unknown> =>
  Promise.all(ops.map((op) => queries.invalidateQueries({ queryKey: [op.id] })))

/** A "no" in words for a person: what happened, and what would help. */
export function wordsOf(error: unknown): string {
  if (error instanceof Unreachable)
    return 'The server did not answer. Nothing was changed; try again in a moment.'
  if (!(error instanceof Refused))
    return 'Something went wrong here. Try again; if it stays, reload the page.'
  const { code, detail, problems } = error.problem
  if (code === 'unexpected') return `Something went wrong on the server. ${detail}`
  if (code === 'changed_meanwhile')
    return 'Somebody changed this while you looked at it. It is shown as it is now; make your change again.'
  return problems?.length ? problems.map((one) => one.message).join(' ') : detail
}

/** The last part of the path of what was wrong, as forms name their fields: "person.email" is "email". */
export function fieldOf(error: unknown): string | null {
  const path = error instanceof Refused ? error.problem.problems?.[0]?.path : undefined
  return path?.split(/[./]/).findLast((part) => /^[a-z]/i.test(part)) ?? null
}
